"""Where every node stands, worked out before the page opens, so that it opens standing still.

Each connected component is laid out by itself: up to 300 nodes by networkx (Fruchterman and Reingold 1991), beyond
by the same forces on a hierarchy of coarser graphs (after Walshaw 2003, "A Multilevel Algorithm for Force-Directed
Graph-Drawing") in numpy. Then boxes that overlap are pushed apart and the components are packed in shelves. Units are
pixels at scale 1. Same graph, same positions: the only random numbers come from a fixed seed, order from the input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np
    from numpy.typing import NDArray

    Points: TypeAlias = NDArray[np.float64]
    Pairs: TypeAlias = NDArray[np.int64]

EDGE_LENGTH = 190.0
"""Pixels a line is long on average: room for a label of some six characters between two nodes."""
_SEED = 20170421
_NETWORKX_UP_TO = 300
_COARSEST = 40
_GAP = 60.0
_ROOM = 3.2
_CROWD = 60
_EVEN = 0.6


def positions(
    graph: nx.MultiDiGraph[str], boxes: Mapping[str, tuple[float, float]], ratio: float = 1.3
) -> dict[str, tuple[float, float]]:
    """Return the centre of each node in pixels, the picture's centre at (0, 0).

    `boxes` holds width and height of each node with its label, which do not overlap in the end (save in a crowd of
    hundreds, where what is left after a fixed effort stays). `ratio` is the picture's width by its height.
    """
    import networkx as nx
    import numpy as np

    order = {node: index for index, node in enumerate(graph)}
    parts = [sorted(part, key=order.__getitem__) for part in nx.connected_components(graph.to_undirected(as_view=True))]
    parts.sort(key=lambda part: (-len(part), order[part[0]]))
    laid = []
    for part in parts:
        index = {node: number for number, node in enumerate(part)}
        pairs = sorted({(min(index[a], index[b]), max(index[a], index[b])) for a, b in graph.edges(part) if a != b})
        size = np.array([boxes[node] for node in part], dtype=float)
        points = _component(len(part), np.array(pairs, dtype=np.int64).reshape(-1, 2))
        laid.append((part, _apart(points, size), size))
    return _pack(laid, ratio)


def _component(count: int, pairs: Pairs) -> Points:
    """Return a connected component's positions with lines of about the wanted length."""
    import networkx as nx
    import numpy as np

    if count <= 2:
        return np.array([(index * EDGE_LENGTH, 0.0) for index in range(count)])
    if count <= _NETWORKX_UP_TO:
        graph: nx.Graph[int] = nx.empty_graph(count)
        graph.add_edges_from(pairs.tolist())
        found = nx.spring_layout(graph, seed=_SEED, iterations=150, method="force")
        points = np.array([found[index] for index in range(count)])
    else:
        points = _multilevel(count, pairs, np.ones(count, dtype=np.float64), np.random.default_rng(_SEED))
    lengths = np.hypot(*(points[pairs[:, 0]] - points[pairs[:, 1]]).T)
    return _level(points) * (EDGE_LENGTH / max(float(np.mean(lengths)), 1e-9))


def _level(points: Points) -> Points:
    """Turn the points so that they spread most from left to right, as screens and lines of text do."""
    import numpy as np

    x, y = (points - points.mean(axis=0)).T
    angle = 0.5 * np.arctan2(2 * (x * y).mean(), (x * x).mean() - (y * y).mean())
    turned: Points = np.stack([x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)], axis=1)
    return turned


def _multilevel(count: int, pairs: Pairs, weight: Points, rng: np.random.Generator) -> Points:
    """Lay out the coarser graph first, put each node where its parent stands, and let the forces refine."""
    import numpy as np

    parent, fewer = _coarsen(count, pairs, weight)
    if count <= _COARSEST or fewer > 0.9 * count:
        return _refine(rng.random((count, 2)) * np.sqrt(count), pairs, weight, 200, 0.2 * np.sqrt(count))
    up = np.unique(np.sort(parent[pairs], axis=1), axis=0)
    above = _multilevel(fewer, up[up[:, 0] != up[:, 1]], np.bincount(parent, weights=weight).astype(np.float64), rng)
    start = above[parent] * np.sqrt(count / fewer) + rng.normal(scale=0.2, size=(count, 2))
    return _refine(start, pairs, weight, 60, 1.5)


def _coarsen(count: int, pairs: Pairs, weight: Points) -> tuple[Pairs, int]:
    """Match neighbours, the least connected and lightest first; whoever finds none joins a neighbour's pair."""
    import numpy as np

    neighbours: list[list[int]] = [[] for _ in range(count)]
    for left, right in pairs.tolist():
        neighbours[left].append(right)
        neighbours[right].append(left)
    parent = [-1] * count
    fewer = 0
    for node in sorted(range(count), key=lambda each: (len(neighbours[each]), each)):
        if parent[node] >= 0:
            continue
        free = [each for each in neighbours[node] if parent[each] < 0]
        if free:
            other = min(free, key=lambda each: (weight[each], len(neighbours[each]), each))
            parent[node] = parent[other] = fewer
            fewer += 1
        elif neighbours[node]:
            parent[node] = parent[min(neighbours[node], key=lambda each: (weight[each], each))]
        else:
            parent[node] = fewer
            fewer += 1
    return np.array(parent, dtype=np.int64), fewer


def _refine(points: Points, pairs: Pairs, weight: Points, rounds: int, heat: float) -> Points:
    """Move by the forces of Fruchterman and Reingold, ideal length 1; the step allowed cools to nothing."""
    import numpy as np

    left, right = pairs[:, 0], pairs[:, 1]
    count = len(points)
    mass = np.sqrt(weight)
    for turn in range(rounds):
        force = np.zeros_like(points)
        for begin in range(0, count, 256):  # slices that stay in the processor's cache
            dx = points[begin : begin + 256, 0, None] - points[None, :, 0]
            dy = points[begin : begin + 256, 1, None] - points[None, :, 1]
            push = mass[None, :] / np.maximum(dx * dx + dy * dy, 0.01)
            force[begin : begin + 256, 0] = (push * dx).sum(axis=1)
            force[begin : begin + 256, 1] = (push * dy).sum(axis=1)
        along = points[left] - points[right]
        pull = along * np.hypot(along[:, 0], along[:, 1])[:, None]
        for axis in (0, 1):
            force[:, axis] -= np.bincount(left, weights=pull[:, axis], minlength=count)
            force[:, axis] += np.bincount(right, weights=pull[:, axis], minlength=count)
        force -= 0.02 * (points - points.mean(axis=0))
        length = np.maximum(np.hypot(force[:, 0], force[:, 1]), 1e-9)
        points = points + force * (np.minimum(length, heat * (1 - turn / rounds)) / length)[:, None]
    return points


def _apart(points: Points, size: Points, rounds: int = 400) -> Points:
    """Push boxes that overlap apart along the shorter way, both by half, and look again."""
    import numpy as np

    count = len(points)
    if count < 2:
        return points
    if count > _CROWD:
        points = _evened(points, _EVEN)
    # Boxes can only be told apart where there is room for all of them.
    spread = float(np.prod(np.ptp(points, axis=0) + 2 * size.mean(axis=0)))
    points = points * max(1.0, float(np.sqrt(_ROOM * np.prod(size, axis=1).sum() / spread)))
    upper = np.arange(count)
    for _ in range(rounds):
        order = np.argsort(points[:, 0], kind="stable")
        x, y = points[order, 0], points[order, 1]
        wide, high = size[order, 0], size[order, 1]
        # In order of x a box can only meet those whose left side begins before the widest box ends.
        reach = np.searchsorted(x, x + wide.max(), side="right")
        counts = reach - upper - 1
        first = np.repeat(upper, counts)
        second = np.arange(len(first)) - np.repeat(np.cumsum(counts) - counts, counts) + first + 1
        dx, dy = x[second] - x[first], y[second] - y[first]
        over_x = (wide[first] + wide[second]) / 2 - np.abs(dx)
        over_y = (high[first] + high[second]) / 2 - np.abs(dy)
        meet = (over_x > 0.5) & (over_y > 0.5)
        if not meet.any():
            break
        first, second = first[meet], second[meet]
        sideways = over_x[meet] < over_y[meet]
        sign = np.where(dy[meet] >= 0, 1.0, -1.0)
        move_x = np.where(sideways, over_x[meet], 0.0) / 2 + 0.3 * sideways
        move_y = np.where(sideways, 0.0, over_y[meet] * sign) / 2
        for move, axis in ((move_x, 0), (move_y, 1)):
            shift = np.bincount(second, weights=move, minlength=count) - np.bincount(
                first, weights=move, minlength=count
            )
            # A box pushed by many at once would be flung away: no step longer than a line.
            points[order, axis] += np.clip(shift, -EDGE_LENGTH, EDGE_LENGTH)
    return points


def _evened(points: Points, share: float) -> Points:
    """Thin out the crowded middle: move each coordinate part of the way to where its rank would put it."""
    import numpy as np

    ranks = np.argsort(np.argsort(points, axis=0, kind="stable"), axis=0, kind="stable")
    low, span = points.min(axis=0), np.ptp(points, axis=0)
    evened: Points = points * (1 - share) + (low + span * ranks / (len(points) - 1)) * share
    return evened


def _pack(laid: Sequence[tuple[list[str], Points, Points]], ratio: float) -> dict[str, tuple[float, float]]:
    """Set the components side by side on shelves, the largest first, and centre the whole."""
    import numpy as np

    frames = []
    for part, points, size in laid:
        low, high = (points - size / 2).min(axis=0), (points + size / 2).max(axis=0)
        frames.append((part, points - low, high - low))
    sizes = [(float(frame[0]), float(frame[1])) for _, _, frame in frames]
    area = sum((wide + _GAP) * (high + _GAP) for wide, high in sizes)
    least = max((wide for wide, _ in sizes), default=0.0)
    tries = (_shelves(sizes, max(least, np.sqrt(area * ratio) * step / 10)) for step in range(8, 21))
    corners, wide, high = min(tries, key=lambda found: max(found[1] / ratio, found[2]))
    return {
        node: (round(x + float(left) - wide / 2, 1), round(y + float(top) - high / 2, 1))
        for (part, points, _), (x, y) in zip(frames, corners, strict=True)
        for node, (left, top) in zip(part, points, strict=True)
    }


def _shelves(sizes: Sequence[tuple[float, float]], width: float) -> tuple[list[tuple[float, float]], float, float]:
    """Return the corners of frames set on shelves of this width, and how wide and high the whole becomes."""
    corners = []
    x = y = shelf = widest = 0.0
    for wide, high in sizes:
        if x > 0 and x + wide > width:
            x, y, shelf = 0.0, y + shelf + _GAP, 0.0
        corners.append((x, y))
        shelf, widest = max(shelf, high), max(widest, x + wide)
        x += wide + _GAP
    return corners, widest, y + shelf
