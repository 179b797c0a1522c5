"""How the shipped weights are made, from the corpora to the files, with everything counted in steps.

Hidden characters of raw news, teachers on the annotated sentences, and a student that starts as the first of them and
learns from people and, in raw sentences, from all teachers (`wenmai.learn.distil`; with noise on the student as in Xie
et al. 2020, arXiv:1911.04252).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch

from wenmai.extract.canon import canonical
from wenmai.extract.tagger.decode import tag_names
from wenmai.extract.tagger.weights import Weights
from wenmai.learn.corpora import Corpora, Sentence, alphabet, fold, pieces, share
from wenmai.learn.distil import Lessons, distil
from wenmai.learn.export import weights_of
from wenmai.learn.measure import Figure, figures, merge
from wenmai.learn.network import Network, Shape
from wenmai.learn.training import Plan, Progress, Supervised, pretrain, read, tune

JOINED = {"clue": ("clue",), "news": ("pd", "msra"), "resume": ("resume",)}
"""The heads that ship, and the trained ones of which each is the mean: PD and MSRA mark the same things alike."""


@dataclass(frozen=True)
class Recipe:
    """The figures of a training. `small` ones train in seconds, to see that all of it works."""

    shape: Shape = field(default_factory=Shape)
    hidden: Plan = field(default_factory=lambda: Plan(8, 2e-3, 0.1, 0.1))
    teacher: Plan = field(default_factory=lambda: Plan(8, 1.5e-3, 0.2, 0.5, 0.3))
    student: Plan = field(default_factory=lambda: Plan(4, 1e-3, 0.2, 0.5, 0.3))
    lessons: Mapping[str, float] = field(default_factory=lambda: {"clue": 2.0, "pd": 1.0, "msra": 1.0})
    teachers: int = 3
    unlabelled: int = 60_000
    seed: int = 1
    threads: int = 2


class Training:
    """One training; the states between the stages are kept in `work`, so that a killed one goes on where it was."""

    def __init__(self, corpora: Corpora, recipe: Recipe, work: Path, tell: Progress) -> None:
        torch.set_num_threads(recipe.threads)
        torch.set_flush_denormal(True)  # the CRF's forward sums hold denormal numbers, on which processors are slow
        self.recipe, self.work, self.tell = recipe, work, tell
        work.mkdir(parents=True, exist_ok=True)
        self.train = {head: [p for s in found for p in pieces(fold(s))] for head, found in corpora.train.items()}
        self.held = {head: [fold(s) for s in found] for head, found in corpora.held.items()}
        self.raw = [p.text for text in corpora.raw for p in pieces(Sentence(canonical(text)))]
        self.labels = {
            head: sorted({label for s in found for *_, label in s.spans}) for head, found in self.train.items()
        }
        self.tags = {head: tag_names(labels) for head, labels in self.labels.items()}
        self.texts = self.raw + [s.text for found in self.train.values() for s in found]
        self.alphabet = alphabet(self.texts)

    def run(self) -> Weights:
        """Train and return the weights."""
        teachers = [self._stage(f"teacher-{n}", self._teach(n)) for n in range(self.recipe.teachers)]
        student = self._stage("student", self._study(teachers))
        return weights_of(student, JOINED, self.tags, self.about(student))

    def about(self, net: Network) -> dict[str, Any]:
        """Return what the model card tells of `net`."""
        return {
            "units": self.recipe.shape.units,
            "parameters": sum(p.numel() for p in net.parameters()),
            "sentences": {head: [len(self.train[head]), len(self.held[head])] for head in self.train},
            "raw": len(self.raw),
            "characters": sum(map(len, self.raw)),
            "unlabelled": self.recipe.unlabelled,
            "teachers": self.recipe.teachers,
            "figures": rounded(self.figures([net])),
        }

    def _stage(self, name: str, make: Any) -> Network:
        """Return the network that `make` trains, or the one that an earlier run left."""
        path = self.work / f"{name}.pt"
        torch.manual_seed(self.recipe.seed)
        net = Network(self.alphabet, self.tags, self.recipe.shape)
        if path.is_file():
            net.load_state_dict(torch.load(path, weights_only=True))
        else:
            make(net)
            torch.save(net.state_dict(), path)
        net.eval()
        self.tell(f"{name}: " + ", ".join(f"{h} {f['*'].f1:.4f}" for h, f in self.figures([net]).items()))
        return net

    def _begin(self, net: Network) -> None:
        """Give `net` what hidden characters teach; all that follow start from it."""
        path = self.work / "hidden.pt"
        if not path.is_file():
            pretrain(net, self.texts, self.recipe.hidden, self.recipe.seed, self.tell)
            torch.save(net.state_dict(), path)
        net.load_state_dict(torch.load(path, weights_only=True))

    def _teach(self, number: int) -> Any:
        def make(net: Network) -> None:
            self._begin(net)
            tune(net, self.train, self.labels, self.recipe.teacher, self.recipe.seed + number, self.tell)

        return make

    def _study(self, teachers: Sequence[Network]) -> Any:
        def make(net: Network) -> None:
            net.load_state_dict(teachers[0].state_dict())
            whole = sorted((t for t in self.raw if len(t) > 12), key=lambda t: share(t, self.recipe.seed))
            heads, seed = self.recipe.lessons, self.recipe.seed + 16
            lessons = Lessons(teachers, heads, whole[: self.recipe.unlabelled])
            taught = Supervised(net, self.train, self.labels, np.random.default_rng(seed + 1), seed)
            distil(net, taught, lessons, heads, self.recipe.student, seed, self.tell)

        return make

    def figures(self, nets: Sequence[Network]) -> dict[str, dict[str, Figure]]:
        """Return how well the networks, their scores averaged, read what was held out; `merged` is CLUENER's."""
        result = {}
        for head, held in self.held.items():
            found = read(nets, head, self.tags[head], [s.text for s in held])
            result[head] = figures([s.spans for s in held], found)
            if head == "clue":
                result["merged"] = figures([merge(s.spans) for s in held], [merge(f) for f in found])
        return result


def rounded(found: Mapping[str, Mapping[str, Figure]]) -> dict[str, Any]:
    """Return figures as they stand in the model card."""
    table: dict[str, Any] = {
        head: {label: round(f.f1, 4) for label, f in labels.items()} for head, labels in found.items()
    }
    table["clue"]["merged"] = table["merged"]["*"]
    return table
