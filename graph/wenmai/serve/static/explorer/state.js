// The one state of the explorer. It is written in the URL's fragment, from which the same view comes back.

/**
 * @typedef {{x: number, y: number, pinned: boolean, by: string}} Placed
 *   `by` is the thing whose expansion brought this one; empty for what the reader asked for.
 * @typedef {{groups: Set<string>, relations: Set<string>, kinds: Set<string>, from: string, to: string,
 *   confidence: number}} Filters
 *   The sets hold what is left out; `from` and `to` are days, empty for no limit.
 * @typedef {{kind: "node" | "edge", id: string} | null} Selection
 * @typedef {{x: number, y: number, ratio: number}} View
 */

export class State {
  constructor() {
    /** @type {Map<string, Placed>} */
    this.shown = new Map();
    /** @type {Map<string, number>} how many neighbours of a thing were asked for */
    this.expanded = new Map();
    /** @type {Filters} */
    this.filters = unfiltered();
    /** @type {Selection} */
    this.selection = null;
    /** @type {string} the thing that the keyboard is at */
    this.focus = "";
    /** @type {View | null} */
    this.view = null;
  }
}

/** @returns {Filters} */
export function unfiltered() {
  return { groups: new Set(), relations: new Set(), kinds: new Set(), from: "", to: "", confidence: 0 };
}

const ID = /^[A-Za-z0-9][A-Za-z0-9_-]{0,99}$/;
const EDGE = /^[\w-]{1,100}\|\w{1,100}\|[\w-]{1,100}$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MOST = 10_000;

/**
 * Writes a state, without a number sign.
 * @param {State} state
 * @param {string} lang
 */
export function encode(state, lang) {
  const order = [...state.shown.keys()];
  const number = new Map(order.map((id, at) => [id, at]));
  const nodes = [...state.shown].map(([id, { x, y, pinned, by }]) => {
    const brought = number.get(by);
    return `${id},${Math.round(x)},${Math.round(y)},${pinned ? "p" : ""}${brought === undefined ? "" : brought}`;
  });
  const { groups, relations, kinds, from, to, confidence } = state.filters;
  const fields = {
    n: nodes.join(";"),
    x: [...state.expanded].map(([id, asked]) => `${id},${asked}`).join(";"),
    s: state.selection ? state.selection.id : "",
    f: state.focus,
    v: state.view ? [state.view.x, state.view.y, state.view.ratio].map((each) => +each.toPrecision(6)).join(",") : "",
    g: [...groups].join(","),
    r: [...relations].join(","),
    k: [...kinds].join(","),
    t: from || to ? `${from},${to}` : "",
    c: confidence ? String(confidence) : "",
    l: lang,
  };
  const filled = Object.entries(fields).filter(([, value]) => value);
  return filled
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replace(/%2C/g, ",").replace(/%3B/g, ";")}`)
    .join("&");
}

/**
 * Reads a fragment. What is no part of a state is passed over. `edges` are lines to open, `node` a thing, as pages
 * of this server link them.
 * @param {string} fragment
 * @returns {{state: State, lang: string, edges: string[], node: string}}
 */
export function decode(fragment) {
  const fields = new URLSearchParams(fragment.replace(/^#/, "").replaceAll("+", "%2B"));
  const state = new State();
  const list = (/** @type {string} */ name, mark = ",") => (fields.get(name) || "").split(mark).filter(Boolean);
  const nodes = list("n", ";")
    .slice(0, MOST)
    .map((each) => each.split(","))
    .filter(([id]) => ID.test(id));
  for (const [id, x, y, rest = ""] of nodes) {
    const by = /\d+$/.exec(rest)?.[0];
    const place = { x: Number(x) || 0, y: Number(y) || 0, pinned: rest.startsWith("p") };
    state.shown.set(id, { ...place, by: by ? nodes[Number(by)]?.[0] || "" : "" });
  }
  for (const [id, asked] of list("x", ";").map((each) => each.split(","))) {
    if (ID.test(id) && Number(asked) > 0) state.expanded.set(id, Math.floor(Number(asked)));
  }
  const chosen = fields.get("s") || "";
  if (EDGE.test(chosen)) state.selection = { kind: "edge", id: chosen };
  else if (ID.test(chosen)) state.selection = { kind: "node", id: chosen };
  state.focus = ID.test(fields.get("f") || "") ? fields.get("f") || "" : "";
  const [x, y, ratio] = list("v").map(Number);
  if ([x, y, ratio].every(Number.isFinite) && ratio > 0) state.view = { x, y, ratio };
  state.filters = filtersOf(fields, list);
  const edges = list("e", ";").filter((each) => EDGE.test(each));
  const node = fields.get("o") || "";
  return { state, lang: fields.get("l") || "", edges: edges.slice(0, 25), node: ID.test(node) ? node : "" };
}

/**
 * @param {URLSearchParams} fields
 * @param {(name: string) => string[]} list
 * @returns {Filters}
 */
function filtersOf(fields, list) {
  const [from = "", to = ""] = (fields.get("t") || "").split(",");
  const confidence = Number(fields.get("c"));
  return {
    groups: new Set(list("g")),
    relations: new Set(list("r")),
    kinds: new Set(list("k")),
    from: DAY.test(from) ? from : "",
    to: DAY.test(to) ? to : "",
    confidence: confidence > 0 && confidence <= 1 ? confidence : 0,
  };
}

/** Keeps what was shown before each step, so that it can be undone. */
export class Steps {
  constructor() {
    /** @type {Kept[]} */
    this.past = [];
    /** @type {Kept[]} */
    this.future = [];
  }

  /** @param {State} state the state before the step */
  note(state) {
    this.past.push(kept(state));
    if (this.past.length > 100) this.past.shift();
    this.future = [];
  }

  /** @param {State} state */
  undo(state) {
    return move(this.past, this.future, state);
  }

  /** @param {State} state */
  redo(state) {
    return move(this.future, this.past, state);
  }
}

/** @typedef {{shown: Map<string, Placed>, expanded: Map<string, number>}} Kept */

/**
 * @param {State} state
 * @returns {Kept}
 */
function kept(state) {
  return {
    shown: new Map([...state.shown].map(([id, placed]) => [id, { ...placed }])),
    expanded: new Map(state.expanded),
  };
}

/**
 * @param {Kept[]} from
 * @param {Kept[]} to
 * @param {State} state
 */
function move(from, to, state) {
  const found = from.pop();
  if (!found) return false;
  to.push(kept(state));
  state.shown = found.shown;
  state.expanded = found.expanded;
  return true;
}
