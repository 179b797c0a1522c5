// Between two things: the shortest path, and what both are tied to.

import { Combobox } from "./search.js";
import { say } from "./page.js";

/** @typedef {import("./search.js").Choice} Choice */

export class Between {
  /**
   * @param {HTMLElement} place holds two fields and two buttons
   * @param {{path: (from: string, to: string) => void, common: (from: string, to: string) => void,
   *   tell: (words: string) => void}} does
   */
  constructor(place, does) {
    this.place = /** @type {HTMLDetailsElement} */ (place);
    /** @type {(Choice | null)[]} */
    this.ends = [null, null];
    this.inputs = [...place.querySelectorAll("input")];
    this.inputs.forEach((input, at) => {
      new Combobox(input, (choice) => (this.ends[at] = choice));
      input.addEventListener("input", () => (this.ends[at] = null));
    });
    for (const button of place.querySelectorAll("button")) {
      button.addEventListener("click", () => {
        const [from, to] = this.ends;
        if (!from || !to || from.id === to.id) {
          does.tell(say("two_names"));
          return this.inputs[from ? 1 : 0].focus();
        }
        if (button.value === "path") does.path(from.id, to.id);
        else does.common(from.id, to.id);
      });
    }
  }

  /**
   * Begins at a thing: the reader gives the other.
   * @param {Choice} choice
   */
  begin(choice) {
    this.place.open = true;
    this.ends[0] = choice;
    this.inputs[0].value = choice.label;
    this.inputs[1].focus();
  }
}
