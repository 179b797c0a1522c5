// The picture by keyboard: arrows go from neighbour to neighbour, letters do what the buttons do.

import { className, counted, say } from "./page.js";

/**
 * @typedef {{undo: () => void, redo: () => void, expand: (id: string) => void, collapse: (id: string) => void,
 *   hide: (id: string) => void, pin: (id: string) => void, choose: (kind: "node" | "edge" | "", id: string) => void,
 *   line: (id: string) => void, focus: (id: string) => void, tell: (words: string) => void}} Actions
 */

export class Keys {
  /**
   * @param {import("./canvas.js").Canvas} canvas
   * @param {Actions} actions
   */
  constructor(canvas, actions) {
    this.canvas = canvas;
    this.actions = actions;
    canvas.container.addEventListener("keydown", (event) => this.#press(event));
    canvas.container.addEventListener("focus", () => this.#enter());
    canvas.container.addEventListener("blur", () => canvas.restyle());
  }

  #enter() {
    const { state, graph, order } = this.canvas;
    const chosen = state.selection?.kind === "node" ? state.selection.id : "";
    if (!graph.hasNode(state.focus)) this.actions.focus(graph.hasNode(chosen) ? chosen : order[0] || "");
    this.#tell();
  }

  /** @param {KeyboardEvent} event */
  #press(event) {
    const id = this.canvas.state.focus;
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() !== "z" && event.key.toLowerCase() !== "y") return;
      event.preventDefault();
      return event.shiftKey || event.key.toLowerCase() === "y" ? this.actions.redo() : this.actions.undo();
    }
    if (event.altKey) return;
    const found = this.#keys()[event.key] || this.#keys()[event.key.toLowerCase()];
    if (!found) return;
    event.preventDefault();
    found(id);
  }

  /** @returns {Record<string, (id: string) => void>} */
  #keys() {
    const { canvas, actions } = this;
    return {
      ArrowRight: () => this.#go(1, 0),
      ArrowLeft: () => this.#go(-1, 0),
      ArrowUp: () => this.#go(0, -1),
      ArrowDown: () => this.#go(0, 1),
      Enter: (id) => id && actions.expand(id),
      " ": (id) => id && actions.choose("node", id),
      c: (id) => id && actions.collapse(id),
      h: (id) => id && actions.hide(id),
      Delete: (id) => id && actions.hide(id),
      p: (id) => id && actions.pin(id),
      e: (id) => id && actions.line(id),
      n: () => this.#next(1),
      b: () => this.#next(-1),
      "+": () => canvas.steer(0, 0, 1.4),
      "=": () => canvas.steer(0, 0, 1.4),
      "-": () => canvas.steer(0, 0, 1 / 1.4),
      0: () => canvas.fit(),
      Escape: () => actions.choose("", ""),
    };
  }

  /**
   * Goes to the neighbour that lies most in a direction; without one, to the nearest thing there.
   * @param {number} x
   * @param {number} y
   */
  #go(x, y) {
    const { graph, state } = this.canvas;
    if (!graph.hasNode(state.focus)) return this.#enter();
    const from = graph.getNodeAttributes(state.focus);
    const near = this.#towards(from, graph.neighbors(state.focus), x, y) || this.#towards(from, graph.nodes(), x, y);
    if (near) this.#to(near);
    else this.actions.tell(say("nothing_there"));
  }

  /**
   * @param {{x?: number, y?: number}} from
   * @param {string[]} ids
   * @param {number} x
   * @param {number} y
   */
  #towards(from, ids, x, y) {
    let [best, found] = [Infinity, ""];
    for (const id of ids) {
      const to = this.canvas.graph.getNodeAttributes(id);
      const [dx, dy] = [to.x - (from.x || 0), (from.y || 0) - to.y];
      const [ahead, aside] = [dx * x + dy * y, Math.abs(dx * y) + Math.abs(dy * x)];
      if (ahead > 0 && aside <= ahead * 1.6 && ahead + 2 * aside < best) [best, found] = [ahead + 2 * aside, id];
    }
    return found;
  }

  /**
   * Goes through all things, the most connected first.
   * @param {number} step
   */
  #next(step) {
    const { order, state } = this.canvas;
    const at = order.indexOf(state.focus);
    if (order.length) this.#to(order[(at + step + order.length) % order.length]);
  }

  /** @param {string} id */
  #to(id) {
    this.actions.focus(id);
    this.#tell();
  }

  #tell() {
    const { graph, state, facts } = this.canvas;
    if (!graph.hasNode(state.focus)) return;
    const thing = facts.nodes.get(state.focus);
    const words = {
      name: facts.label(state.focus),
      class: className(thing?.class || ""),
      n: counted(graph.degree(state.focus)),
    };
    this.actions.tell(say("at_node", words));
  }
}
