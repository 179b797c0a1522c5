// What is left out: classes, kinds of statement and relations, each a box to tick that is the legend too; confidence.

import { kindOf } from "./facts.js";
import { drawn, make } from "./dom.js";
import { counted, groupOf, page, say } from "./page.js";
import { DASHES, WIDTH } from "./paint.js";
import { corners } from "./shapes.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./facts.js").Facts} Facts
 * @typedef {{key: string, label: string, number: number, sign?: Node}} Entry
 */

export class Filters {
  /**
   * @param {{classes: HTMLElement, kinds: HTMLElement, relations: HTMLElement, confidence: HTMLInputElement}} places
   * @param {State} state
   * @param {() => void} changed
   */
  constructor(places, state, changed) {
    this.places = places;
    this.state = state;
    this.changed = changed;
    places.confidence.addEventListener("input", () => {
      state.filters.confidence = Number(places.confidence.value) / 100;
      changed();
    });
  }

  /**
   * @param {Facts} facts
   * @param {import("./api.js").Edge[]} edges all lines between what is shown
   */
  draw(facts, edges) {
    const { filters, shown } = this.state;
    const groups = tally([...shown.keys()].map((id) => groupOf(facts.nodes.get(id)?.class || "").key));
    const kinds = tally(edges.map(kindOf));
    const relations = tally(edges.map((edge) => edge.predicate));
    /** @type {Map<string, string>} */
    const labels = new Map(edges.map((edge) => [edge.predicate, page.classes[edge.predicate] || edge.label]));
    const of =
      (/** @type {Map<string, number>} */ some, /** @type {Set<string>} */ off) =>
      (/** @type {{key: string}} */ { key }) =>
        some.has(key) || off.has(key);
    this.#list(
      this.places.classes,
      page.groups.filter(of(groups, filters.groups)).map((group) => ({
        key: group.key,
        label: group.label,
        number: groups.get(group.key) || 0,
        sign: shapeSign(group),
      })),
      filters.groups,
    );
    this.#list(
      this.places.kinds,
      page.kinds.map((kind) => ({
        key: kind.key,
        label: kind.label,
        number: kinds.get(kind.key) || 0,
        sign: lineSign(kind.key),
      })),
      filters.kinds,
    );
    const named = [...new Set([...relations.keys(), ...filters.relations])].map((key) => ({
      key,
      label: labels.get(key) || page.classes[key] || key,
      number: relations.get(key) || 0,
    }));
    this.#list(
      this.places.relations,
      named.sort((a, b) => b.number - a.number || (a.key < b.key ? -1 : 1)),
      filters.relations,
    );
    this.places.confidence.value = String(Math.round(filters.confidence * 100));
    this.places.confidence.setAttribute("aria-valuetext", say("confidence_from", { n: filters.confidence.toFixed(2) }));
    const output = this.places.confidence.parentElement?.querySelector("output");
    if (output) output.value = filters.confidence.toFixed(2);
  }

  /**
   * @param {HTMLElement} place
   * @param {Entry[]} entries
   * @param {Set<string>} off
   */
  #list(place, entries, off) {
    const focused = place.contains(document.activeElement)
      ? /** @type {HTMLInputElement} */ (document.activeElement).value
      : "";
    place.replaceChildren(
      ...entries.map(({ key, label, number, sign }) => {
        const box = make("input", { type: "checkbox", value: key, change: () => this.#flip(off, key) });
        box.checked = !off.has(key);
        return make(
          "li",
          {},
          make(
            "label",
            {},
            box,
            sign || null,
            make("span", { class: "ex-label" }, label),
            make("span", { class: "quiet" }, counted(number)),
          ),
        );
      }),
    );
    if (focused)
      /** @type {HTMLElement | null} */ (place.querySelector(`input[value="${CSS.escape(focused)}"]`))?.focus();
  }

  /**
   * @param {Set<string>} off
   * @param {string} key
   */
  #flip(off, key) {
    if (!off.delete(key)) off.add(key);
    this.changed();
  }
}

/**
 * @param {string[]} keys
 * @returns {Map<string, number>}
 */
function tally(keys) {
  const found = new Map();
  for (const key of keys) found.set(key, (found.get(key) || 0) + 1);
  return found;
}

/**
 * Draws the shape of a group of classes.
 * @param {import("./page.js").Group} group
 */
export function shapeSign(group) {
  const points = corners(group.shape);
  const look = { fill: group.colour, stroke: group.border, "stroke-width": 0.22 };
  const shape = points.length
    ? drawn("polygon", { points: points.map((each) => each.map((c) => c.toFixed(2)).join(",")).join(" "), ...look })
    : drawn("circle", { r: 0.95, ...look });
  return drawn("svg", { viewBox: "-1.4 -1.4 2.8 2.8", class: "ex-sign", "aria-hidden": "true" }, shape);
}

/**
 * Draws the line of a kind of statement.
 * @param {string} kind
 */
function lineSign(kind) {
  const line = drawn("line", {
    x1: 1,
    y1: 8,
    x2: 35,
    y2: 8,
    class: `ex-line-${kind}`,
    "stroke-width": (WIDTH[kind] || 1.4) * 1.3,
    "stroke-dasharray": (DASHES[kind] || []).join(" "),
  });
  const cross =
    kind === "denied"
      ? [drawn("path", { d: "M14 4l8 8M14 12l8-8", class: `ex-line-${kind}`, "stroke-width": 2, fill: "none" })]
      : [];
  return drawn("svg", { viewBox: "0 0 36 16", class: "ex-line", "aria-hidden": "true" }, line, ...cross);
}
