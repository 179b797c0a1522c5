"""The graph on the web: SPARQL, linked data and APIs over HTTP, within limits that hold.

`serve.run` listens until it is told to stop. The process that listens holds no store and evaluates nothing: each
request is done by a worker (`pool`), a process that reads a published snapshot and can be killed. Areas (`sparql`,
`linked`, `api`) are modules with `routes(server)`; what a route wants done is a `Task`, a function that a worker calls.
"""
