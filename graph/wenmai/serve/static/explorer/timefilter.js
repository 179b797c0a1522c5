// When: how many articles speak of what is shown, by month, and two sliders that say from when to when.

import { drawn, make } from "./dom.js";
import { counted, say } from "./page.js";

const BARS = 48;

export class TimeFilter {
  /**
   * @param {HTMLElement} place
   * @param {import("./state.js").State} state
   * @param {() => void} changed
   */
  constructor(place, state, changed) {
    this.state = state;
    this.changed = changed;
    this.chart = drawn("svg", {
      viewBox: `0 0 ${BARS * 4} 40`,
      preserveAspectRatio: "none",
      class: "ex-bars",
      role: "img",
    });
    this.from = this.#slider("time_from");
    this.to = this.#slider("time_to");
    this.said = make("output", { class: "quiet" });
    /** @type {string[]} the months, `2017-04` */
    this.months = [];
    this.place = place;
    place.append(this.chart, make("div", { class: "ex-sliders" }, this.from, this.to), this.said);
  }

  /** @param {string} label */
  #slider(label) {
    return make("input", { type: "range", min: 0, "aria-label": say(label), input: () => this.#moved() });
  }

  #moved() {
    const { filters } = this.state;
    let [first, last] = [Number(this.from.value), Number(this.to.value)];
    if (first > last) [first, last] = [last, first];
    filters.from = first > 0 ? `${this.months[first]}-01` : "";
    filters.to = last < this.months.length - 1 ? `${this.months[last]}-31` : "";
    this.changed();
  }

  /** @param {import("./api.js").Edge[]} edges all lines between what is shown */
  draw(edges) {
    const days = edges.flatMap((edge) => edge.dates);
    const found = days.map((day) => day.slice(0, 7)).sort();
    this.place.hidden = !found.length;
    if (!found.length) return;
    this.months = months(found[0], found[found.length - 1]);
    const { from, to } = this.state.filters;
    const first = from ? Math.max(0, this.months.indexOf(from.slice(0, 7))) : 0;
    const end = to ? this.months.indexOf(to.slice(0, 7)) : -1;
    const last = end < 0 ? this.months.length - 1 : end;
    for (const [slider, value] of /** @type {[HTMLInputElement, number][]} */ ([
      [this.from, first],
      [this.to, last],
    ])) {
      slider.max = String(this.months.length - 1);
      slider.value = String(value);
      slider.setAttribute("aria-valuetext", this.months[value]);
      slider.disabled = this.months.length < 2;
    }
    this.said.value = say("time_range", { from: this.months[first], to: this.months[last] });
    this.#bars(found, first, last);
  }

  /**
   * @param {string[]} found months, one for each article of each line
   * @param {number} first
   * @param {number} last
   */
  #bars(found, first, last) {
    const number = Math.min(BARS, this.months.length);
    const at = new Map(this.months.map((month, index) => [month, index]));
    const counts = Array(number).fill(0);
    for (const month of found) counts[Math.floor(((at.get(month) || 0) * number) / this.months.length)] += 1;
    const highest = Math.max(...counts);
    const width = (BARS * 4) / number;
    this.chart.replaceChildren(
      ...counts.map((count, bar) => {
        const month = (bar * this.months.length) / number;
        const inside = month + this.months.length / number > first && month <= last;
        const height = count ? Math.max(2, (38 * count) / highest) : 0;
        return drawn("rect", {
          x: bar * width + 0.3,
          y: 40 - height,
          width: Math.max(0.5, width - 0.6),
          height,
          class: inside ? "in" : "out",
        });
      }),
    );
    this.chart.setAttribute(
      "aria-label",
      say("time_chart", { n: counted(found.length), from: this.months[0], to: this.months[this.months.length - 1] }),
    );
  }
}

/**
 * Returns all months from one to another.
 * @param {string} first
 * @param {string} last
 */
export function months(first, last) {
  const found = [];
  let [year, month] = first.split("-").map(Number);
  for (let now = first; now <= last && found.length < 2400;) {
    found.push(now);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
    now = `${String(year).padStart(4, "0")}-${String(month).padStart(2, "0")}`;
  }
  return found;
}
