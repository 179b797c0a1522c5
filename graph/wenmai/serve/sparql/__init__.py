"""SPARQL 1.1 over HTTP: protocol, service description, graph store."""
