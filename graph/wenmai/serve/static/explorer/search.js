// A text field with suggestions: a combobox as the ARIA practices describe it, with a list that the arrow keys walk.

import * as api from "./api.js";
import { make, own } from "./dom.js";
import { shapeSign } from "./filters.js";
import { className, groupOf, say } from "./page.js";

const PATIENCE = 120;
const SHOWN = 10;
let made = 0;

/** @typedef {{id: string, label: string}} Choice */

export class Combobox {
  /**
   * @param {HTMLInputElement} input
   * @param {(choice: Choice) => void} chosen
   * @param {(text: string) => (Node | null)} [last] makes a last entry, which leads elsewhere
   */
  constructor(input, chosen, last = () => null) {
    this.input = input;
    this.chosen = chosen;
    this.last = last;
    /** @type {Choice[]} */
    this.choices = [];
    this.active = -1;
    this.waiting = 0;
    this.controller = new AbortController();
    made += 1;
    this.list = make("ul", {
      role: "listbox",
      id: `ex-names-${made}`,
      class: "ex-names",
      "aria-label": say("suggestions"),
      hidden: true,
    });
    this.status = make("p", { class: "hidden", role: "status" });
    const frame = make("span", { class: "ex-combo" });
    input.replaceWith(frame);
    frame.append(input, this.list, this.status);
    const attributes = {
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
      "aria-controls": this.list.id,
      autocomplete: "off",
    };
    for (const [key, value] of Object.entries(attributes)) input.setAttribute(key, value);
    input.addEventListener("input", () => this.#later());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    input.form?.addEventListener("submit", (event) => this.#submit(event));
  }

  #later() {
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.#look(), PATIENCE);
  }

  async #look() {
    this.controller.abort();
    const text = this.input.value.trim();
    if (!text) return this.close();
    this.controller = new AbortController();
    const { signal } = this.controller;
    try {
      const found = await api.names(text, signal);
      if (signal.aborted || this.input.value.trim() !== text) return;
      this.#show(found.names, text);
    } catch (error) {
      if (!signal.aborted) this.status.textContent = String(error instanceof Error ? error.message : error);
    }
  }

  /**
   * @param {{name: string, label: string, class: string, iri: string}[]} names
   * @param {string} text
   */
  #show(names, text) {
    const late = (/** @type {{class: string}} */ each) => Number(["event", "other"].includes(groupOf(each.class).key));
    const seen = new Set();
    const kept = names
      .filter(({ class: cls }) => cls !== "Article" && cls !== "Post")
      .sort((a, b) => late(a) - late(b))
      .filter(({ iri }) => !seen.has(iri) && seen.add(iri))
      .slice(0, SHOWN);
    const lit = this.choices[this.active]?.id;
    this.choices = kept.map(({ iri, label, name }) => ({
      id: iri.slice(iri.lastIndexOf("/") + 1),
      label: label || name,
    }));
    const entries = kept.map((each, at) => this.#entry(each, at));
    if (!entries.length)
      entries.push(make("li", { role: "option", "aria-disabled": "true", "aria-selected": "false" }, say("no_names")));
    const last = this.last(text);
    this.list.replaceChildren(...entries);
    if (last)
      this.list.append(
        make(
          "li",
          {
            role: "option",
            "aria-selected": "false",
            id: `${this.list.id}-last`,
            click: () => last instanceof HTMLElement && last.click(),
          },
          last,
        ),
      );
    this.list.hidden = false;
    this.input.setAttribute("aria-expanded", "true");
    this.status.textContent = say("names_found", { n: this.choices.length });
    this.#activate(this.choices.findIndex(({ id }) => id === lit)); // a later answer keeps what was chosen before
  }

  /**
   * @param {{name: string, label: string, class: string}} each
   * @param {number} at
   */
  #entry(each, at) {
    const other = each.label && each.label !== each.name ? each.label : "";
    const more = [className(each.class), other].filter(Boolean).join(" · ");
    return make(
      "li",
      {
        role: "option",
        id: `${this.list.id}-${at}`,
        "aria-selected": "false",
        mousedown: (event) => event.preventDefault(),
        click: () => this.#choose(at),
      },
      shapeSign(groupOf(each.class)),
      own(each.name),
      make("span", { class: "quiet" }, " ", own(more)),
    );
  }

  /** @param {number} at */
  #activate(at) {
    const options = [...this.list.children].filter((each) => each.getAttribute("aria-disabled") !== "true");
    this.active = at < 0 ? -1 : at % options.length;
    options.forEach((each, number) => each.setAttribute("aria-selected", String(number === this.active)));
    const option = options[this.active];
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    } else this.input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.isComposing) return; // the reader is still writing characters
    const open = !this.list.hidden;
    const count = this.list.querySelectorAll('[role=option]:not([aria-disabled="true"])').length;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!open) return void this.#look();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (count) this.#activate(this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count);
    } else if (event.key === "Escape" && open) {
      event.preventDefault();
      this.close();
    } else if (event.key === "Enter" && open && !this.input.form) {
      event.preventDefault();
      this.#take();
    }
  }

  /** @param {SubmitEvent} event */
  #submit(event) {
    if (this.list.hidden) return;
    if (this.#take()) event.preventDefault();
  }

  /** Takes the entry that is active, or the first name; tells whether there was one. */
  #take() {
    if (this.active >= this.choices.length) {
      /** @type {HTMLElement | null} */ (this.list.querySelector("li:last-child a"))?.click();
      return true;
    }
    if (!this.choices.length) return false;
    this.#choose(Math.max(0, this.active));
    return true;
  }

  /** @param {number} at */
  #choose(at) {
    const choice = this.choices[at];
    this.input.value = choice.label;
    this.close();
    this.chosen(choice);
  }

  close() {
    clearTimeout(this.waiting);
    this.controller.abort();
    this.list.hidden = true;
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }
}
