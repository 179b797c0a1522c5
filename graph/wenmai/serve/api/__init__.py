"""The APIs that people expect beside SPARQL: search, reconciliation, named queries, what describes and watches them.

One module an API with its routes; what its workers do stands beside it and imports nothing of HTTP.
"""
