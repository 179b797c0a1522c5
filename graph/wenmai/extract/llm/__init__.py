"""An extractor that asks a language model: any OpenAI-compatible endpoint, named by the environment, and only then.

One request an article, its answer constrained by a schema made from the ontology. What the model says counts only
where the article's own words, quoted, say it; `docs/llm.md` tells how it is set up, what is sent and what is kept.
"""

from __future__ import annotations

import threading
from functools import cache

from wenmai import __version__
from wenmai.errors import ExtractionError
from wenmai.extract import Extractor, default_extractor
from wenmai.extract.llm import prompt as ask
from wenmai.extract.llm import schema
from wenmai.extract.llm.answer import Item, parse, read_answer
from wenmai.extract.llm.client import BadAnswerError, Client
from wenmai.extract.llm.combine import combine
from wenmai.extract.llm.disk import Cache, digest
from wenmai.extract.llm.settings import Settings, from_environment
from wenmai.records import Article, Document, Run

LONGEST = 60_000
"""Characters of an article beyond which it is refused and not sent."""


class LlmExtractor:
    """Asks the endpoint of `settings`; safe for several threads. The budget is that of the instance's life."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.client = Client(settings)
        self._cache = Cache(settings.cache)
        self.run = Run(
            "wenmai-llm",
            __version__,
            f"model {settings.model}; prompt {ask.prompt().version}; form {ask.fingerprint()}",
        )

    def extract(self, article: Article) -> Document:
        """Return what the model says and `article` bears out. Raises ExtractionError if there is no answer."""
        if not article.text.strip():
            return Document(article, self.run)
        return read_answer(article, self._answer(article), self.run)[0]

    def _answer(self, article: Article) -> Item:
        if len(article.text) > LONGEST:
            raise ExtractionError(f"it has over {LONGEST} characters, too many for one request; split it")
        question = ask.question(article, self.settings)
        name = digest(question)
        kept = self._cache.get(name)
        if kept is not None:
            try:
                return parse(kept)
            except BadAnswerError:
                pass  # a file that was cut off or tampered with; ask again

        def parsed(content: str) -> tuple[str, Item]:
            return content, parse(content)

        content, answer = self.client.ask(question, _tokens(article), parsed)
        self._cache.put(name, content)
        return answer


class BothExtractor:
    """The rules and the model, their readings combined."""

    def __init__(self, llm: LlmExtractor) -> None:
        self._rules, self._llm = default_extractor(), llm
        self._lock = threading.Lock()
        one, other = self._rules.run, llm.run
        self.run = Run(f"{one.extractor}+{other.extractor}", __version__, f"{one.settings}; {other.settings}")

    def extract(self, article: Article) -> Document:
        """Return what either says of `article`. Raises ExtractionError if the model gives no answer."""
        told = self._llm.extract(article)
        with self._lock:  # it is work for the processor, which threads cannot share
            read = self._rules.extract(article)
        return combine(read, told, self.run)


@cache
def _overhead() -> int:
    return len(ask.prompt().system) + len(schema.text()) // 3


def _tokens(article: Article) -> int:
    """Return about how many tokens a request costs, rather too many: a character is one, the answer as much again."""
    return _overhead() + 2 * len(article.text)


def from_env(both: bool = False) -> Extractor:
    """Return the extractor that the environment configures. Raises UsageError where it does not, or a library lacks."""
    llm = LlmExtractor(from_environment())
    return BothExtractor(llm) if both else llm
