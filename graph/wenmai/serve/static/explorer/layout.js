// Where new things go: near the thing that brought them, then a few steps of ForceAtlas2 with all others fixed, in
// slices between frames, so that the page never stands still for it.

import { MultiDirectedGraph, forceAtlas2 } from "../vendor/graph.js";
import { calm } from "./page.js";

/**
 * @typedef {import("./state.js").Placed} Placed
 * @typedef {{source: string, target: string}} Ends
 */

/** What the picture's units are: a node is some ten of them wide, the distance of neighbours some hundred. */
export const APART = 110;
/** Milliseconds of a slice; of the first one, when nothing is to be seen yet. */
const SLICE = 12;
const FIRST = 120;

/**
 * Gives places to things that have none: around `centre`, or in a spiral around the middle of the others.
 * @param {Map<string, Placed>} shown
 * @param {string[]} fresh
 * @param {string} centre
 */
export function place(shown, fresh, centre) {
  const hub = shown.get(centre);
  const others = [...shown].filter(([id]) => !fresh.includes(id)).map(([, placed]) => placed);
  const middle = hub || {
    x: others.reduce((sum, each) => sum + each.x, 0) / (others.length || 1),
    y: others.reduce((sum, each) => sum + each.y, 0) / (others.length || 1),
  };
  const start = hub ? awayFrom(hub, others) : 0;
  fresh.forEach((id, at) => {
    const angle = start + at * 2.39996; // the golden angle: no two on one ray
    const radius = APART * (hub ? 1 : 0.55) * Math.sqrt(at + 1);
    const placed = /** @type {Placed} */ (shown.get(id));
    placed.x = middle.x + radius * Math.cos(angle);
    placed.y = middle.y + radius * Math.sin(angle);
  });
}

/**
 * Returns the direction in which there is least around a thing.
 * @param {Placed} hub
 * @param {Placed[]} others
 */
function awayFrom(hub, others) {
  let [x, y] = [0, 0];
  for (const each of others) {
    const far = Math.hypot(each.x - hub.x, each.y - hub.y);
    if (far > 0) [x, y] = [x - (each.x - hub.x) / far ** 2, y - (each.y - hub.y) / far ** 2];
  }
  return Math.atan2(y, x);
}

/** A layout that is going on; a new one ends the one before. */
export class Layout {
  constructor() {
    this.turn = 0;
  }

  stop() {
    this.turn += 1;
  }

  /**
   * Moves `free` things by the forces of all; resolves when they stand, to whether they were let.
   * @param {Map<string, Placed>} shown
   * @param {Ends[]} edges
   * @param {Set<string>} free
   * @param {boolean} whole whether all of it is new: then it is shown a moment later, and better
   * @param {() => void} moved called after each slice
   */
  async run(shown, edges, free, whole, moved) {
    this.turn += 1;
    const mine = this.turn;
    const graph = graphOf(shown, edges, free);
    const settings = {
      barnesHutOptimize: graph.order > 400,
      // so that what hangs together with nothing stays in sight; sizes are not heeded: where they are, lines cross
      strongGravityMode: true,
      gravity: whole ? 0.15 : 0.02,
      scalingRatio: 700,
      slowDown: 1 + Math.log(graph.order),
      edgeWeightInfluence: 0,
    };
    const steps = Math.round(Math.max(60, Math.min(600, 60_000 / graph.order)));
    const some = graph.order > 1000 ? 1 : 10;
    let done = 0;
    let pause = 0; // how long to go on before the picture is drawn again: it gets a third of the time
    let drawn = performance.now();
    while (done < steps && mine === this.turn) {
      const begun = performance.now();
      const slice = calm.matches || (whole && !done) ? FIRST : SLICE;
      do {
        forceAtlas2.assign(graph, { iterations: some, settings });
        done += some;
      } while (done < steps && performance.now() - begun < slice);
      graph.forEachNode((id, { x, y }) => {
        const placed = shown.get(id);
        if (placed && free.has(id)) [placed.x, placed.y] = [x, y];
      });
      if (done >= steps || (!calm.matches && performance.now() - drawn >= pause)) {
        const began = performance.now();
        moved();
        await new Promise((next) => requestAnimationFrame(() => setTimeout(next)));
        drawn = performance.now();
        pause = 2 * (drawn - began);
      } else await new Promise((next) => setTimeout(next));
    }
    return mine === this.turn;
  }
}

/**
 * @param {Map<string, Placed>} shown
 * @param {Ends[]} edges
 * @param {Set<string>} free
 */
function graphOf(shown, edges, free) {
  const graph = new MultiDirectedGraph();
  for (const [id, { x, y }] of shown) graph.addNode(id, { x, y, fixed: !free.has(id) });
  const joined = new Set();
  for (const { source, target } of edges) {
    const key = source < target ? `${source} ${target}` : `${target} ${source}`;
    if (source !== target && !joined.has(key)) graph.addEdgeWithKey(key, source, target);
    joined.add(key);
  }
  return graph;
}
