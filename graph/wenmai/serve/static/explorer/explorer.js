// What the reader can do: each step changes the state, and the state is shown.

import * as api from "./api.js";
import { Canvas } from "./canvas.js";
import { Facts, visible } from "./facts.js";
import { Layout, place } from "./layout.js";
import { Steps, decode, encode, unfiltered } from "./state.js";
import { counted, page, say } from "./page.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./api.js").Picture} Picture
 */

export const STEP = 60;
/** Of a larger picture the address is written less often. */
const LARGE = 500;
/** More than so many things are not shown at a time. */
const MOST = 10_000;

export class Explorer {
  /**
   * @param {HTMLElement} container
   * @param {State} state
   * @param {{tell: (words: string, failed?: boolean) => void, shown: () => void}} told
   *   `tell` says something to the reader; `shown` is called when what is shown has changed
   */
  constructor(container, state, told) {
    this.state = state;
    this.facts = new Facts();
    this.steps = new Steps();
    this.layout = new Layout();
    this.tell = told.tell;
    this.told = told.shown;
    this.writing = 0;
    this.seen = visible(state, this.facts);
    this.canvas = new Canvas(container, state, this.facts, {
      choose: (kind, id) => this.choose(kind, id),
      expand: (id) => this.expand(id),
      dragged: (id, to, first) => this.drag(id, to, first),
      looked: (view) => {
        state.view = view;
        this.write();
      },
    });
  }

  /**
   * Does what asks the server; says so when it cannot.
   * @template T
   * @param {() => Promise<T>} work
   */
  async trying(work) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") this.tell(say("stopped"));
      else if (error instanceof api.Refused) this.tell(error.message, true);
      else throw error;
    }
  }

  /** Shows the state, all of it. */
  show() {
    this.seen = visible(this.state, this.facts);
    this.canvas.show(this.seen.nodes, this.seen.edges);
    this.told();
    this.write();
  }

  /** Writes the state into the address, a little later: browsers limit how often. */
  write() {
    clearTimeout(this.writing);
    const patience = this.state.shown.size > LARGE ? 2000 : 250;
    this.writing = setTimeout(() => history.replaceState(null, "", `#${encode(this.state, page.lang)}`), patience);
  }

  /** The address of this view. */
  link() {
    return `${location.origin}${location.pathname}${page.asked ? `?lang=${page.lang}` : ""}#${encode(this.state, page.lang)}`;
  }

  /**
   * Adds what the server told to the picture.
   * @param {Picture} picture
   * @param {{by?: string, chosen?: string[], alone?: boolean}} [how] `by` brought it; `chosen` the reader asked for
   *   by name; `alone`: everything else goes
   */
  async add(picture, { by = "", chosen = [], alone = false } = {}) {
    if (this.state.shown.size) this.steps.note(this.state);
    this.facts.learn(picture);
    if (alone) {
      this.state.shown.clear();
      this.state.expanded.clear();
    }
    const { shown } = this.state;
    const room = Math.max(0, MOST - shown.size);
    const fresh = picture.nodes
      .map((node) => node.id)
      .filter((id) => !shown.has(id))
      .slice(0, room);
    if (fresh.length < picture.nodes.filter(({ id }) => !shown.has(id)).length)
      this.tell(say("too_many", { n: counted(MOST) }), true);
    for (const id of fresh) shown.set(id, { x: 0, y: 0, pinned: false, by: chosen.includes(id) ? "" : by });
    for (const id of chosen) if (shown.has(id)) /** @type {any} */ (shown.get(id)).by = "";
    place(shown, fresh, by);
    return this.settle(new Set(fresh), alone || shown.size === fresh.length);
  }

  /**
   * Shows new things and lets them find their places; what is there stays.
   * @param {Set<string>} fresh
   * @param {boolean} whole whether all of the picture is new
   */
  async settle(fresh, whole) {
    this.show();
    if (!fresh.size) return;
    this.canvas.fit(whole ? undefined : this.#around(fresh), !whole);
    const free = new Set([...fresh].filter((id) => !this.state.shown.get(id)?.pinned));
    const done = await this.layout.run(this.state.shown, this.facts.among(this.state.shown), free, whole, () => {
      this.canvas.move();
      if (whole) this.canvas.fit(undefined, false);
    });
    if (!done) return;
    this.canvas.fit(whole ? undefined : this.#around(fresh));
    this.write();
  }

  /**
   * Returns all that is to be in view after things were added: the whole picture, while it is small.
   * @param {Set<string>} fresh
   */
  #around(fresh) {
    if (this.state.shown.size <= 150) return undefined;
    const near = [...fresh].flatMap((id) => (this.canvas.graph.hasNode(id) ? this.canvas.graph.neighbors(id) : []));
    return [...fresh, ...near];
  }

  /** Shows what a reader without a view of their own begins with. */
  begin() {
    return this.trying(async () => {
      const picture = await api.start();
      for (const { id } of picture.nodes.slice(0, 1)) this.state.focus = id;
      await this.add(picture, { alone: true });
    });
  }

  /**
   * Shows a thing with those near it, in the picture that is there.
   * @param {string} id
   * @param {boolean} [alone] whether everything else goes
   */
  open(id, alone = false) {
    return this.trying(async () => {
      const picture = await api.around([id], STEP);
      this.facts.totals.set(id, picture.total || 0);
      const settled = this.add(picture, { by: id, chosen: [id], alone });
      this.state.expanded.set(id, Math.min(STEP, picture.total || 0));
      this.choose("node", id);
      await settled;
      return true;
    });
  }

  /**
   * Brings the next neighbours of a thing.
   * @param {string} id
   */
  expand(id) {
    const before = this.state.expanded.get(id) || 0;
    const total = this.facts.totals.get(id);
    if (total !== undefined && before >= total) return this.tell(say("all_there", { name: this.facts.label(id) }));
    return this.trying(async () => {
      const picture = await api.around([id], STEP, before);
      this.facts.totals.set(id, picture.total || 0);
      const settled = this.add(picture, { by: id });
      this.state.expanded.set(id, Math.min(before + STEP, picture.total || 0));
      this.show();
      const words = {
        n: counted(Math.min(STEP, (picture.total || 0) - before)),
        total: counted(picture.total || 0),
        name: this.facts.label(id),
      };
      this.tell(say("expanded", words));
      await settled;
    });
  }

  /**
   * Takes away what a thing's expansion brought, and what that brought; what is pinned or asked for by name stays.
   * @param {string} id
   */
  collapse(id) {
    const { shown } = this.state;
    const gone = new Set();
    let rim = [id];
    while (rim.length) {
      const some = [...shown].filter(
        ([each, { by, pinned }]) => rim.includes(by) && !pinned && !gone.has(each) && each !== id,
      );
      rim = some.map(([each]) => each);
      for (const each of rim) gone.add(each);
    }
    if (!gone.size) return this.tell(say("nothing_to_collapse"));
    this.#drop(gone, [id]);
    this.tell(say("collapsed", { n: counted(gone.size) }));
  }

  /** @param {string} id */
  hide(id) {
    if (!this.state.shown.has(id)) return;
    const { graph } = this.canvas;
    const next = graph.hasNode(id) ? graph.neighbors(id)[0] || "" : "";
    this.#drop(new Set([id]), []);
    if (this.state.focus === id || !this.state.focus) this.state.focus = next;
    this.tell(say("hidden", { name: this.facts.label(id) }));
    this.canvas.restyle();
  }

  /**
   * Leaves a thing, those next to it, and nothing else.
   * @param {string} id
   */
  only(id) {
    const { graph } = this.canvas;
    const kept = new Set([id, ...(graph.hasNode(id) ? graph.neighbors(id) : [])]);
    this.#drop(new Set([...this.state.shown.keys()].filter((each) => !kept.has(each))), []);
    this.canvas.fit();
  }

  /**
   * @param {Set<string>} gone
   * @param {string[]} closed things that are no longer opened
   */
  #drop(gone, closed) {
    this.layout.stop();
    this.steps.note(this.state);
    for (const id of gone) this.state.shown.delete(id);
    for (const id of [...gone, ...closed]) this.state.expanded.delete(id);
    if (gone.has(this.state.focus)) this.state.focus = closed[0] || "";
    this.show();
  }

  /** @param {string} id */
  pin(id) {
    const placed = this.state.shown.get(id);
    if (!placed) return;
    this.steps.note(this.state);
    placed.pinned = !placed.pinned;
    this.tell(say(placed.pinned ? "pinned" : "unpinned", { name: this.facts.label(id) }));
    this.show();
  }

  /**
   * @param {string} id
   * @param {{x: number, y: number}} to
   * @param {boolean} first
   */
  drag(id, to, first) {
    if (first) {
      this.layout.stop();
      this.steps.note(this.state);
    }
    const placed = this.state.shown.get(id);
    if (!placed) return;
    Object.assign(placed, { x: to.x, y: to.y, pinned: true });
    this.canvas.move();
    this.write();
  }

  undo() {
    this.#stepped(this.steps.undo(this.state));
  }

  redo() {
    this.#stepped(this.steps.redo(this.state));
  }

  /** @param {boolean} done */
  #stepped(done) {
    this.layout.stop();
    if (!done) return this.tell(say("no_step"));
    this.show();
  }

  /**
   * @param {"node" | "edge" | ""} kind
   * @param {string} id
   */
  choose(kind, id) {
    this.state.selection = kind ? { kind, id } : null;
    if (kind === "node") this.state.focus = id;
    this.canvas.restyle();
    this.told();
    this.write();
  }

  /**
   * Shows what a path goes through, or what two things have in common.
   * @param {Promise<Picture>} asked
   * @param {string[]} ends
   * @param {(picture: Picture) => string} words
   */
  between(asked, ends, words) {
    return this.trying(async () => {
      const picture = await asked;
      const settled = this.add(picture, { by: ends[0], chosen: picture.nodes.map(({ id }) => id) });
      this.tell(words(picture));
      await settled;
      this.canvas.fit(picture.nodes.map(({ id }) => id));
    });
  }

  /** Lays all out anew, but for what is pinned. */
  again() {
    this.steps.note(this.state);
    const free = [...this.state.shown].filter(([, { pinned }]) => !pinned).map(([id]) => id);
    place(this.state.shown, free, "");
    return this.settle(new Set(free), true);
  }

  unfilter() {
    Object.assign(this.state.filters, unfiltered());
    this.show();
  }

  /**
   * Brings back the view that a fragment has.
   * @param {string} fragment
   */
  restore(fragment) {
    const { state: wanted, edges, node } = decode(fragment);
    if (edges.length) return this.openEdges(edges);
    if (node) return this.open(node, true);
    if (!wanted.shown.size) return this.begin();
    return this.trying(async () => {
      const picture = await api.among([...wanted.shown.keys()]);
      this.layout.stop();
      this.facts.learn(picture);
      const known = new Set(picture.nodes.map(({ id }) => id));
      for (const id of wanted.shown.keys()) if (!known.has(id)) wanted.shown.delete(id);
      Object.assign(this.state, wanted);
      if (wanted.view) this.canvas.look(wanted.view, false);
      this.show();
      if (!wanted.view) this.canvas.fit(undefined, false);
    });
  }

  /**
   * Shows lines with their ends, and the words of the first.
   * @param {string[]} ids
   */
  openEdges(ids) {
    const parts = ids.map((id) => id.split("|"));
    return this.trying(async () => {
      const picture = await api.among([...new Set(parts.flatMap(([s, , o]) => [s, o]))]);
      // a post is no thing of the picture: it is the line from who holds it to where it is
      const [, p] = parts[0];
      const post = p === "holdsPost" || p === "postIn";
      const line =
        picture.edges.find((edge) => edge.id === ids[0]) ||
        (post ? picture.edges.find((edge) => edge.predicate === "holdsPost") : undefined);
      const chosen = picture.nodes.map((node) => node.id);
      const settled = this.add(picture, { chosen, alone: true });
      if (line) this.choose("edge", line.id);
      else {
        this.tell(say("no_line"), true);
        if (chosen.length) this.choose("node", chosen[0]);
      }
      await settled;
    });
  }
}
