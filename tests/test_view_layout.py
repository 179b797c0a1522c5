"""Where nodes stand: apart, in a picture of sensible shape, the same every time."""

from __future__ import annotations

import subprocess
import sys

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wenmai.view.layout import positions
from wenmai.view.picture import measure, plain, wrap

BOX = (90.0, 50.0)


def graph(edges: list[tuple[int, int]], count: int) -> nx.MultiDiGraph[str]:
    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    made.add_nodes_from(map(str, range(count)))
    made.add_edges_from((str(a), str(b)) for a, b in edges)
    return made


def overlaps(at: dict[str, tuple[float, float]], box: tuple[float, float] = BOX) -> int:
    points = np.array(list(at.values()))
    apart = np.abs(points[:, None] - points[None])
    return int(((apart[..., 0] < box[0] - 1) & (apart[..., 1] < box[1] - 1)).sum() - len(points)) // 2


def boxes(made: nx.MultiDiGraph[str]) -> dict[str, tuple[float, float]]:
    return dict.fromkeys(made, BOX)


@pytest.mark.parametrize("count", [1, 2, 3, 40, 300, 301, 700])
def test_no_two_names_cover_each_other(count: int) -> None:
    tree = graph([(number, number // 3) for number in range(1, count)], count)
    assert overlaps(positions(tree, boxes(tree))) == 0


def test_many_small_components_are_packed_beside_each_other() -> None:
    pairs = graph([(number, number + 1) for number in range(0, 200, 2)], 260)
    at = positions(pairs, boxes(pairs))
    points = np.array(list(at.values()))
    wide, high = np.ptp(points, axis=0)
    assert overlaps(at) == 0 and 0.7 < wide / high < 3
    assert np.allclose((points.max(axis=0) + points.min(axis=0)) / 2, 0, atol=120)


def test_neighbours_stand_nearer_than_strangers() -> None:
    rings = graph([(a + 400 * ring, (a + 1) % 400 + 400 * ring) for ring in (0, 1) for a in range(400)], 800)
    at = positions(rings, boxes(rings))
    points = np.array([at[str(number)] for number in range(400)])
    near = np.linalg.norm(points - np.roll(points, 1, axis=0), axis=1).mean()
    far = np.linalg.norm(points - np.roll(points, 200, axis=0), axis=1).mean()
    assert far > 5 * near


def test_the_same_graph_stands_the_same_in_another_process() -> None:
    text = (
        "import networkx as nx; from wenmai.view.layout import positions\n"
        "g = nx.MultiDiGraph(); g.add_edges_from((str(n), str(n // 2)) for n in range(1, 350))\n"
        "g.add_edges_from((f'a{n}', f'a{n // 2}') for n in range(1, 30))\n"
        "print(positions(g, dict.fromkeys(g, (90.0, 50.0))))"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", text], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(seen) == 1


@settings(deadline=None, max_examples=40)
@given(st.integers(1, 12), st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11)), max_size=30))
def test_any_graph_has_a_place_for_every_node(count: int, edges: list[tuple[int, int]]) -> None:
    made = graph([(a % count, b % count) for a, b in edges], count)
    at = positions(made, boxes(made))
    assert set(at) == set(made)
    assert np.isfinite(np.array(list(at.values()))).all()
    assert overlaps(at) == 0


@given(st.text(max_size=80))
def test_wrapped_names_are_short_lines_of_what_can_be_drawn(text: str) -> None:
    lines = wrap(text)
    assert 1 <= len(lines) <= 3
    assert all(line and "\n" not in line and measure(line) <= 9 for line in lines)
    if not lines[-1].endswith("…"):
        assert "".join("".join(lines).split()) in ("".join(plain(text).split()), "—")


def test_names_break_evenly_and_lose_no_character() -> None:
    assert wrap("青石镇党群服务中心") == ("青石镇党群", "服务中心")
    assert wrap("Falkenberg Robotics GmbH") == ("Falkenberg", "Robotics GmbH")
    assert wrap("\u202e反向\x00公司\u200b") == ("反向公司",)
