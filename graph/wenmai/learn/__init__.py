"""Training the tagger: corpora in, weights and their model card out. Nothing else in wenmai depends on this room.

It needs the extra `learn` (torch, onnx); what it makes runs without.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from wenmai.errors import UsageError


def learn(corpora: Path, output: Path, seed: int = 1, tell: Callable[[str], None] = print) -> None:
    """Train the tagger on `corpora` and write tagger.npz, encoder.onnx and MODEL_CARD.md to the folder `output`.

    What the stages leave lies in `output/work`, so that a training that was stopped goes on there. Raises UsageError
    where a corpus or the extra `learn` is missing.
    """
    wanted = ("cluener_train.jsonl", "people_daily_train.bio", "msra_train.jsonl", "resume_train.jsonl")
    if missing := [name for name in wanted if not (corpora / name).is_file()]:
        from wenmai.extract.tagger.model import WEIGHTS

        card = WEIGHTS.with_name("MODEL_CARD.md")
        raise UsageError(f"{corpora} lacks {', '.join(missing)}; {card} says where they are to be had")
    try:
        from wenmai.learn.export import write_onnx
        from wenmai.learn.recipe import Recipe, Training
    except ImportError as error:
        raise UsageError(f"training needs {error.name}: pip install 'wenmai[learn]'") from None
    from wenmai.extract.tagger.weights import load, save
    from wenmai.learn.card import written
    from wenmai.learn.corpora import load as load_corpora

    weights = Training(load_corpora(corpora), Recipe(seed=seed), output / "work", tell).run()
    save(weights, output / "tagger.npz")
    stored = load(output / "tagger.npz")  # as everybody will read them: in half floats and bytes
    write_onnx(stored, output / "encoder.onnx")
    (output / "MODEL_CARD.md").write_text(written(stored.card), encoding="utf-8")
