"""What the process that workers are forked from has loaded, so that they need not."""

import wenmai.query.evaluate
import wenmai.query.search
import wenmai.serve.api.ask_task
import wenmai.serve.api.queries_task
import wenmai.serve.api.reconcile.extend
import wenmai.serve.api.reconcile.match
import wenmai.serve.api.reconcile.preview
import wenmai.serve.api.search_task
import wenmai.serve.dataset.task
import wenmai.serve.explore.articles_task
import wenmai.serve.explore.cite_task
import wenmai.serve.explore.compare_task
import wenmai.serve.explore.export_task
import wenmai.serve.explore.fact_task
import wenmai.serve.explore.picture_task
import wenmai.serve.explore.places_task
import wenmai.serve.explore.timeline_task
import wenmai.serve.linked.task
import wenmai.serve.sparql.task  # noqa: F401
from wenmai import ontology
from wenmai.serve.assets import assets
from wenmai.serve.html import environment

ontology.classes()
environment()
assets()
