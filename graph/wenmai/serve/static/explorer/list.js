// The same facts as tables, for whoever does not see the picture or would rather read.

import { kindOf } from "./facts.js";
import { make, own } from "./dom.js";
import { className, counted, page, say } from "./page.js";

const ROWS = 200;

export class List {
  /**
   * @param {HTMLDetailsElement} place
   * @param {(kind: "node" | "edge", id: string) => void} choose
   */
  constructor(place, choose) {
    this.place = place;
    this.choose = choose;
    this.body = make("div", { class: "ex-tables" });
    place.append(this.body);
    /** @type {(() => void) | null} what is to be drawn when the list is open */
    this.pending = null;
    place.addEventListener("toggle", () => this.#draw());
  }

  /**
   * @param {Set<string>} nodes
   * @param {import("./api.js").Edge[]} edges
   * @param {import("./facts.js").Facts} facts
   */
  show(nodes, edges, facts) {
    const summary = this.place.querySelector("summary");
    if (summary) summary.textContent = say("list", { nodes: counted(nodes.size), edges: counted(edges.length) });
    this.pending = () => this.#tables(nodes, edges, facts);
    this.#draw();
  }

  #draw() {
    if (!this.place.open || !this.pending) return;
    this.pending();
    this.pending = null;
  }

  /**
   * @param {Set<string>} nodes
   * @param {import("./api.js").Edge[]} edges
   * @param {import("./facts.js").Facts} facts
   */
  #tables(nodes, edges, facts) {
    const degree = new Map();
    for (const { source, target } of edges)
      for (const end of [source, target]) degree.set(end, (degree.get(end) || 0) + 1);
    const order = [...nodes].sort((a, b) => (degree.get(b) || 0) - (degree.get(a) || 0));
    const pick = (/** @type {"node" | "edge"} */ kind, /** @type {string} */ id, /** @type {string} */ text) =>
      make("button", { type: "button", class: "ex-link", click: () => this.choose(kind, id) }, own(text));
    const things = order.map((id) => [
      pick("node", id, facts.label(id)),
      className(facts.nodes.get(id)?.class || ""),
      counted(degree.get(id) || 0),
    ]);
    const lines = [...edges]
      .sort((a, b) => (facts.label(a.source) < facts.label(b.source) ? -1 : 1))
      .map((edge) => [
        own(facts.label(edge.source)),
        pick("edge", edge.id, edge.label),
        own(facts.label(edge.target)),
        page.kinds.find(({ key }) => key === kindOf(edge))?.label || "",
        edge.first ? (edge.last && edge.last !== edge.first ? `${edge.first} – ${edge.last}` : edge.first) : "",
      ]);
    this.body.replaceChildren(
      this.#table(say("things"), [say("name"), say("class"), say("lines")], things),
      this.#table(say("lines"), [say("subject"), say("relation"), say("object"), say("kind"), say("date")], lines),
    );
  }

  /**
   * @param {string} caption
   * @param {string[]} heads
   * @param {(Node | string)[][]} rows
   */
  #table(caption, heads, rows) {
    const body = make("tbody");
    const more = make("button", { type: "button", click: () => grow() }, say("more_rows"));
    const grow = () => {
      const some = rows.splice(0, ROWS).map((cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, cell))));
      body.append(...some);
      more.hidden = !rows.length;
    };
    grow();
    const head = make("thead", {}, make("tr", {}, ...heads.map((each) => make("th", { scope: "col" }, each))));
    return make("div", {}, make("table", {}, make("caption", {}, caption), head, body), more);
  }
}
