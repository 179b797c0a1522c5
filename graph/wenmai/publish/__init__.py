"""The graph as files: dumps of the whole dataset, and a site that any web server serves.

`site.publish` writes a folder with a page and RDF for every resource, `dumps.make` what is downloaded whole. Both give
the same bytes for the same store, and leave what was there before until all is written.
"""
