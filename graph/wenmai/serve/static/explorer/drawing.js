// What is drawn on the canvases of our own in each frame: lines, names, marks, words.

import { Room } from "./geometry.js";
import { WIDTH, mark, name, stroke, word } from "./paint.js";

/** @typedef {import("./geometry.js").Point} Point */

/** Up to so many lines each have their words; names of so many things, if there is room. */
const WORDED = 40;
const NAMES = 90;

/**
 * Returns the size of a thing in the picture.
 * @param {import("./api.js").Thing | undefined} thing
 */
export function sizeOf(thing) {
  return Math.min(20, 7 + 1.9 * Math.log2(1 + (thing?.degree || 0)));
}

export class Drawing {
  /** @param {import("./canvas.js").Canvas} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.begun = false;
  }

  paint() {
    const contexts = /** @type {any} */ (this.canvas.sigma).canvasContexts;
    const { width, height } = this.canvas.sigma.getDimensions();
    contexts.lines.clearRect(0, 0, width, height);
    contexts.names.clearRect(0, 0, width, height);
    const screen = this.canvas.screen();
    if (!this.begun && this.canvas.graph.order) {
      this.begun = true;
      performance.mark("wenmai:drawn"); // the first picture, for benchmarks
    }
    const room = new Room();
    const lines = this.canvas.painted ? this.lines(screen) : this.near(screen);
    for (const line of lines) stroke(contexts.lines, line, this.canvas.theme);
    this.names(contexts.names, screen, room, width, height);
    for (const line of lines) if (line.named) word(contexts.names, line, this.canvas.theme, room);
  }

  /**
   * Returns of many lines those that matter: what is chosen and what is next to it.
   * @param {(point: Point) => Point} screen
   */
  near(screen) {
    const { graph, hovered, state } = this.canvas;
    const chosen = state.selection?.id || "";
    const at = hovered || chosen;
    const ids = graph.hasNode(at) ? graph.edges(at).slice(0, 10 * WORDED) : [];
    if (graph.hasEdge(chosen)) ids.push(chosen);
    return this.lines(screen, ids);
  }

  /**
   * Returns lines as they are drawn, those that matter last.
   * @param {(point: Point) => Point} screen
   * @param {string[]} [ids]
   * @returns {import("./paint.js").Line[]}
   */
  lines(screen, ids = this.canvas.graph.edges()) {
    /** @type {import("./paint.js").Line[]} */
    const found = [];
    const all = this.canvas.graph.size <= WORDED;
    const near =
      this.canvas.hovered || (this.canvas.state.selection?.kind === "node" ? this.canvas.state.selection.id : "");
    const { graph } = this.canvas;
    for (const id of ids) {
      const [data, source, target] = [graph.getEdgeAttributes(id), graph.source(id), graph.target(id)];
      const [from, to] = [graph.getNodeAttributes(source), graph.getNodeAttributes(target)];
      const lit = this.canvas.state.selection?.id === id || this.canvas.hoveredEdge === id;
      const faded = Boolean(this.canvas.bright && !(this.canvas.bright.has(source) && this.canvas.bright.has(target)));
      const mine = near === source || near === target;
      found.push({
        id,
        from: screen(/** @type {any} */ (from)),
        to: screen(/** @type {any} */ (to)),
        bow: this.canvas.bows.get(id) || 0,
        kind: data.kind,
        label: data.label,
        size: WIDTH[data.kind] || 1.4,
        end: this.canvas.sigma.scaleSize(to.size),
        faded: faded && !lit,
        lit,
        named: lit || (near ? mine : all && !faded),
        arrow: data.arrow,
      });
    }
    return found.sort((a, b) => Number(a.lit) - Number(b.lit) || Number(b.faded) - Number(a.faded));
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {(point: Point) => Point} screen
   * @param {Room} room
   * @param {number} width
   * @param {number} height
   */
  names(context, screen, room, width, height) {
    const { selection, focus, shown } = this.canvas.state;
    const ends =
      selection?.kind === "edge" && this.canvas.graph.hasEdge(selection.id)
        ? [this.canvas.graph.source(selection.id), this.canvas.graph.target(selection.id)]
        : [];
    const here = document.activeElement === this.canvas.container ? focus : "";
    const strong = new Set(
      [this.canvas.hovered, selection?.id || "", ...ends, here].filter((id) => this.canvas.graph.hasNode(id)),
    );
    let left = NAMES;
    if (this.canvas.order.length <= 4 * NAMES) {
      for (const id of this.canvas.order) {
        const data = this.canvas.graph.getNodeAttributes(id);
        const { x, y } = screen(/** @type {any} */ (data));
        const size = this.canvas.sigma.scaleSize(data.size) * 0.8;
        room.take(x - size, y - size, 2 * size, 2 * size);
      }
    }
    for (const id of new Set([...strong, ...this.canvas.order])) {
      const data = this.canvas.graph.getNodeAttributes(id);
      const at = screen(/** @type {any} */ (data));
      if (at.x < -40 || at.y < -40 || at.x > width + 40 || at.y > height + 40) continue;
      const size = this.canvas.sigma.scaleSize(data.size);
      const faded = Boolean(this.canvas.bright && !this.canvas.bright.has(id) && !strong.has(id));
      if (left > 0 && !(faded && this.canvas.graph.order > 150)) {
        name(
          context,
          { ...at, size, label: data.label, strong: strong.has(id), faded },
          this.canvas.theme,
          room,
          width,
        );
      }
      const more = this.more(id);
      const pinned = Boolean(shown.get(id)?.pinned);
      mark(
        context,
        {
          ...at,
          size,
          chosen: selection?.id === id,
          focused: here === id,
          pinned,
          more: strong.has(id) || left > 40 ? more : 0,
        },
        this.canvas.theme,
      );
      if ((left -= 1) < 0 && left < -400) break;
    }
  }

  /**
   * Returns how many neighbours of an opened thing are not asked for yet.
   * @param {string} id
   */
  more(id) {
    const asked = this.canvas.state.expanded.get(id);
    return asked === undefined ? 0 : Math.max(0, (this.canvas.facts.totals.get(id) || 0) - asked);
  }
}

/**
 * Reads the colours from the style sheet, which knows of light and dark.
 * @param {Element} element
 * @returns {import("./paint.js").Theme}
 */
export function theme(element) {
  const style = getComputedStyle(element);
  const colour = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim();
  const kinds = ["asserted", "planned", "reported", "denied", "inferred"];
  const lines = Object.fromEntries(kinds.map((kind) => [kind, colour(`line-${kind}`)]));
  return {
    paper: colour("paper"),
    ink: colour("ink"),
    soft: colour("soft"),
    accent: colour("accent"),
    faded: colour("rule"),
    lines,
  };
}
