"""What the process that workers are forked from has loaded, so that they need not."""

import wenmai.query.evaluate
import wenmai.query.search
import wenmai.serve.sparql.task  # noqa: F401
