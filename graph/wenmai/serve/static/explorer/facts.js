// What the server has told so far, and what of it is to be seen.

import { groupOf } from "./page.js";

/**
 * @typedef {import("./api.js").Thing} Thing
 * @typedef {import("./api.js").Edge} Edge
 * @typedef {import("./state.js").State} State
 */

export class Facts {
  constructor() {
    /** @type {Map<string, Thing>} */
    this.nodes = new Map();
    /** @type {Map<string, Edge>} */
    this.edges = new Map();
    /** @type {Map<string, Set<string>>} edges by node */
    this.at = new Map();
    /** @type {Map<string, number>} how many neighbours a thing has, where the server said */
    this.totals = new Map();
  }

  /** @param {import("./api.js").Picture} picture */
  learn(picture) {
    for (const node of picture.nodes) this.nodes.set(node.id, node);
    for (const edge of picture.edges) {
      this.edges.set(edge.id, edge);
      for (const end of [edge.source, edge.target]) {
        const some = this.at.get(end) || new Set();
        this.at.set(end, some.add(edge.id));
      }
    }
  }

  /**
   * Returns the edges between shown things.
   * @param {Map<string, unknown>} shown
   * @returns {Edge[]}
   */
  among(shown) {
    const found = [];
    for (const id of shown.keys()) {
      for (const key of this.at.get(id) || []) {
        const edge = /** @type {Edge} */ (this.edges.get(key));
        if (edge.source === id && shown.has(edge.target)) found.push(edge);
      }
    }
    return found;
  }

  /** @param {string} id */
  label(id) {
    return this.nodes.get(id)?.label || id;
  }
}

/**
 * Returns how an edge is drawn: as its modality, or as inferred.
 * @param {Edge} edge
 */
export function kindOf(edge) {
  return edge.inferred ? "inferred" : edge.modality.toLowerCase();
}

/**
 * Tells whether an edge passes the filters that look at an edge alone, time aside.
 * @param {Edge} edge
 * @param {import("./state.js").Filters} filters
 */
export function passes(edge, filters) {
  if (filters.kinds.has(kindOf(edge)) || filters.relations.has(edge.predicate)) return false;
  return edge.confidence === null || edge.confidence >= filters.confidence;
}

/**
 * Tells whether an article of the chosen days speaks of an edge.
 * @param {Edge} edge
 * @param {import("./state.js").Filters} filters
 */
export function inTime(edge, filters) {
  if (!filters.from && !filters.to) return true;
  return edge.dates.some((day) => day >= filters.from && (!filters.to || day <= filters.to));
}

/**
 * Returns what is to be seen. A thing whose every line is filtered out goes with them, unless the reader asked for it.
 * @param {State} state
 * @param {Facts} facts
 * @returns {{nodes: Set<string>, edges: Edge[], all: Edge[]}}
 */
export function visible(state, facts) {
  const open = (/** @type {string} */ id) => !state.filters.groups.has(groupOf(facts.nodes.get(id)?.class || "").key);
  const all = facts.among(state.shown);
  const tied = new Set(all.flatMap((edge) => [edge.source, edge.target]));
  const edges = all.filter(
    (edge) => passes(edge, state.filters) && inTime(edge, state.filters) && open(edge.source) && open(edge.target),
  );
  const nodes = new Set(edges.flatMap((edge) => [edge.source, edge.target]));
  for (const [id, { by, pinned }] of state.shown) {
    if (open(id) && (!tied.has(id) || pinned || (!by && state.expanded.has(id)))) nodes.add(id);
  }
  return { nodes, edges, all };
}
