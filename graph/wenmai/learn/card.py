"""The model card that ships with the weights: data, licences as stated, figures, how to rebuild (Mitchell et al. 2019)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_HEAD = """\
# The tagger's weights

A character tagger that hears names in Chinese news: embeddings of characters, pairs and triples, one bidirectional LSTM
({units} units each way), one linear-chain CRF per annotation scheme. {parameters:,} parameters. `tagger.npz` holds the weights
(embeddings as bytes with a scale a row, the rest as half floats), `encoder.onnx` the LSTM once more for onnxruntime; both give
the same spans. It is one voice among several: `ontology/grammar/tagger.toml` says how much its readings count.

## What it learned from

| head | corpus | sentences learned from | held out | source | licence as stated there |
| --- | --- | ---: | ---: | --- | --- |
"""

_CORPORA = {
    "clue": ("CLUENER2020 train", "CLUEbenchmark/CLUENER2020, GuocaiL/nlp_corpus", "none stated; asks to be cited (arXiv:2001.04351)"),
    "pd": ("People's Daily, January 1998", "zjy-ucas/ChineseNER `data/example.test`", "none stated"),
    "msra": ("MSRA, SIGHAN 2006 bake-off, 4,365 sentences", "GuocaiL/nlp_corpus", "research bake-off data"),
    "resume": ("Resume NER (Zhang and Yang 2018)", "GuocaiL/nlp_corpus, jiesutd/LatticeLSTM", "none stated"),
}  # fmt: skip

_RAW = """
Hidden characters were guessed in {raw:,} raw sentences ({characters:,} characters): headlines and articles of public samples
for text classification (THUCNews and others, research use) and the sentences of FinRE (thunlp/Chinese_NRE, MIT). In {unlabelled:,}
of them the student learned to be as sure, and as unsure, as the mean of {teachers} teachers. No article of `tests/gold` was learned from.

**What that means for whoever ships it on.** The weights are statistics of these texts and hold no sentence of them, but
corpora without a stated licence give no permission to anybody. Who needs weights of clean descent trains on corpora of their
own (below), or uses `--tagger none`: everything works without.

## How well it reads

Exact spans with their labels, micro F1, on the tenth of each corpus that was held out (chosen by a hash of the sentence);
nothing learned from shares a run of 12 characters with what People's Daily and MSRA hold out. `merged` counts companies,
governments and organizations as one, addresses and scenes as one, books and films as one.

| head | F1 | by label |
| --- | ---: | --- |
"""

_TAIL = """
It reads news of 1998 to 2020 in simplified characters; traditional ones are folded before. It is weak where the corpora are
silent: Party organs and community centres, posts with long bodies, names in Latin letters, fairs (which the news head takes for
organizations). Heads that agree are right far more often than one alone; a transliterated word may be heard as a person.

## How to rebuild

    pip install 'wenmai[learn]'
    wenmai learn CORPORA --output DIR

CORPORA holds `cluener_train.jsonl`, `people_daily_train.bio`, `msra_train.jsonl`, `resume_train.jsonl`, `finre_*.tsv` and `raw/*.txt`.
The same seed on the same number of threads of the same machine gives the same weights; figures move by some 0.005 with the seed.
"""


def written(about: Mapping[str, Any]) -> str:
    """Return the card as Markdown. `about` holds sizes and figures as `wenmai.learn.recipe` gives them."""
    lines = [_HEAD.format(units=about["units"], parameters=about["parameters"])]
    for head, (name, source, licence) in _CORPORA.items():
        learned, held = about["sentences"][head]
        lines.append(f"| `{head}` | {name} | {learned:,} | {held:,} | {source} | {licence} |\n")
    lines.append(_RAW.format(**{k: about[k] for k in ("raw", "characters", "unlabelled", "teachers")}))
    figures = about["figures"]
    for head, found in figures.items():
        labels = ", ".join(f"{label} {f1:.3f}" for label, f1 in found.items() if label not in ("*", "merged"))
        lines.append(f"| `{head}` | {found['*']:.3f} | {labels} |\n")
    return "".join([*lines, _TAIL])
