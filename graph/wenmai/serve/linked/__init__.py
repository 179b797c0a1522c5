"""Linked data: every IRI of a store opens, for people as a page and for programs as RDF.

`place` tells what is at an IRI, `rdf` writes it in six formats, the other modules gather what a page shows and render
it. None of them knows HTTP but `routes`: `wenmai publish` makes the same pages as files.
"""
