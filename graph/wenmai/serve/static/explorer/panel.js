// What there is to say of what is chosen: a thing's card, or the words of a line.

import * as api from "./api.js";
import { evidence } from "./evidence.js";
import { kindOf } from "./facts.js";
import { make, own } from "./dom.js";
import { address, className, counted, groupOf, page, say } from "./page.js";
import { shapeSign } from "./filters.js";

/**
 * @typedef {import("./api.js").Card} Card
 * @typedef {import("./api.js").Fact} Fact
 * @typedef {{open: (id: string) => void, edge: (edge: import("./api.js").Edge, other: import("./api.js").Thing) => void,
 *   actions: (id: string) => {key: string, label: string, run: () => void}[]}} Does
 */

const FIRST = 12;

export class Panel {
  /**
   * @param {HTMLElement} place
   * @param {Does} does
   */
  constructor(place, does) {
    this.place = place;
    this.does = does;
    this.controller = new AbortController();
    this.shown = "";
    this.empty = [...place.childNodes];
  }

  /**
   * Shows what is chosen; does nothing where that is there already.
   * @param {import("./state.js").Selection} selection
   */
  async show(selection) {
    const key = selection ? selection.id : "";
    if (key === this.shown) return this.#tend(key);
    this.controller.abort();
    this.controller = new AbortController();
    const { signal } = this.controller;
    this.shown = key;
    if (!selection) return void this.place.replaceChildren(...this.empty);
    this.place.setAttribute("aria-busy", "true");
    try {
      const edge = selection.kind === "edge";
      const parts = edge
        ? evidence(await api.evidence(key, signal), key, this.does.open)
        : this.#card(await api.card(key, signal));
      if (signal.aborted) return;
      this.place.replaceChildren(this.#close(), ...parts);
      this.place.scrollTop = 0;
      this.#tend(key);
    } catch (error) {
      if (signal.aborted) return;
      this.place.replaceChildren(this.#close(), this.#failed(selection, error));
    } finally {
      if (!signal.aborted) this.place.removeAttribute("aria-busy");
    }
  }

  /**
   * @param {import("./state.js").Selection} selection
   * @param {unknown} error
   */
  #failed(selection, error) {
    const stopped = error instanceof DOMException && error.name === "AbortError";
    const again = () => {
      this.shown = "";
      this.show(selection);
    };
    const text = stopped ? say("stopped") : error instanceof Error ? error.message : String(error);
    return make(
      "p",
      { role: "alert" },
      text,
      " ",
      make("button", { type: "button", click: again }, say("again_button")),
    );
  }

  #close() {
    return make(
      "button",
      { type: "button", class: "ex-close", "aria-label": say("close"), click: () => this.does.open("") },
      "×",
    );
  }

  /**
   * Brings the buttons up to date with what is shown in the picture.
   * @param {string} key
   */
  #tend(key) {
    const row = this.place.querySelector(".ex-actions");
    if (!row) return;
    const focused = row.contains(document.activeElement) ? document.activeElement?.getAttribute("data-key") : null;
    row.replaceChildren(
      ...this.does
        .actions(key)
        .map(({ key: name, label, run }) => make("button", { type: "button", "data-key": name, click: run }, label)),
    );
    if (focused) /** @type {HTMLElement | null} */ (row.querySelector(`[data-key="${focused}"]`))?.focus();
  }

  /** @param {Card} card */
  #card(card) {
    const { node } = card;
    const kicker = make(
      "p",
      { class: "quiet" },
      shapeSign(groupOf(node.class)),
      className(node.class),
      ` · ${say("relations_n", { n: counted(card.total) })}`,
    );
    /** @type {HTMLElement[]} */
    const parts = [
      make("h2", { tabindex: "-1" }, own(node.label)),
      kicker,
      make("div", { class: "ex-actions", role: "group", "aria-label": say("actions") }),
    ];
    if (card.names.length)
      parts.push(
        make(
          "p",
          { class: "also" },
          say("also"),
          " ",
          ...card.names.slice(0, 8).flatMap((each, at) => (at ? ["、", own(each)] : [own(each)])),
        ),
      );
    if (card.values.length) {
      parts.push(
        make(
          "dl",
          { class: "card" },
          ...card.values
            .slice(0, FIRST)
            .flatMap(({ label, value }) => [make("dt", {}, label), make("dd", {}, own(value))]),
        ),
      );
    }
    parts.push(...this.#facts(card.facts, say("facts"), node));
    parts.push(...this.#facts(card.posts, say("posts"), node));
    parts.push(...this.#facts(card.events, say("events"), node));
    const link = make("a", { href: address(`/doc/${node.id}`) }, say("whole_page"));
    parts.push(make("p", { class: "ex-more" }, say("in_articles", { n: counted(card.articles) }), " ", link));
    return parts;
  }

  /**
   * @param {Fact[]} facts
   * @param {string} heading
   * @param {import("./api.js").Thing} node
   */
  #facts(facts, heading, node) {
    /** @type {HTMLElement[]} */
    const parts = [];
    if (!facts.length) return parts;
    const rows = facts.map((fact) => this.#fact(fact, node));
    const list = make("ul", { class: "ex-facts" }, ...rows.slice(0, FIRST));
    parts.push(make("h3", {}, heading, make("span", { class: "quiet" }, ` ${facts.length}`)), list);
    if (rows.length > FIRST) {
      const more = make(
        "button",
        { type: "button", class: "ex-link", click: () => [list.append(...rows.slice(FIRST)), more.remove()] },
        say("show_all", { n: rows.length }),
      );
      parts.push(more);
    }
    return parts;
  }

  /**
   * @param {Fact} fact
   * @param {import("./api.js").Thing} node
   */
  #fact({ label, direction, other, edge }, node) {
    const kind = kindOf(edge);
    const said = page.kinds.find((each) => each.key === kind);
    const when = other.begin || edge.first || "";
    const verb = edge.label || label;
    const names = direction === "out" ? `${node.label} ${verb} ${other.label}` : `${other.label} ${verb} ${node.label}`;
    const words = make(
      "button",
      {
        type: "button",
        class: "ex-fact",
        "aria-label": `${names}：${say("read_words")}`,
        click: () => this.does.edge(edge, other),
      },
      make("span", { class: "verb" }, direction === "in" ? "← " : "", own(verb), direction === "out" ? " →" : ""),
    );
    return make(
      "li",
      {},
      words,
      " ",
      make(
        "button",
        { type: "button", class: "ex-link", click: () => this.does.open(other.id) },
        shapeSign(groupOf(other.class)),
        own(other.label),
      ),
      kind !== "asserted" && said ? make("span", { class: `tag ${kind}` }, said.label) : null,
      when ? make("time", { class: "quiet", datetime: when }, ` ${when}`) : null,
    );
  }
}
