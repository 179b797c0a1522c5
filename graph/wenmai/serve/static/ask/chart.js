// @ts-check
// Rows with a label or a date and a number, drawn as bars or a line.

import { el, filled, plain, svg } from "./dom.js";

/** @typedef {import("./terms.js").Term} Term */
/** @typedef {{ x: number, y: number, dates: boolean }} Columns */

const MOST = 60;
const [WIDE, ROW, LABEL, NUMBER] = [720, 24, 220, 60];
const NUMERIC = /#(integer|decimal|double|float|int|long|nonNegativeInteger)$/;
const DAY = /^\d{4}(-\d\d(-\d\d)?)?$/;

/**
 * Return which columns make a chart: the last with numbers alone, and the first with dates or else texts; null if none.
 * @param {(Term | null)[][]} rows
 * @param {number} width how many columns there are
 * @returns {Columns | null}
 */
export function chartable(rows, width) {
  if (rows.length < 2) return null;
  const of = (/** @type {number} */ n, /** @type {(term: Term) => boolean} */ fits) =>
    rows.every((row) => { const term = row[n]; return term !== null && fits(term); });
  const all = [...Array(width).keys()];
  const y = [...all].reverse().find((n) => of(n, (term) => NUMERIC.test(term.datatype || "")));
  if (y === undefined) return null;
  const dated = all.find((n) => n !== y && of(n, (term) => DAY.test(term.value)));
  const named = all.find((n) => n !== y && of(n, (term) => term.type === "literal"));
  const x = dated ?? named ?? all.find((n) => n !== y && of(n, () => true));
  return x === undefined ? null : { x, y, dates: dated !== undefined };
}

/**
 * Return the chart as a figure whose caption says what is drawn.
 * @param {string[]} names of the columns
 * @param {(Term | null)[][]} rows
 * @param {Columns} columns
 * @param {(term: Term) => string} text
 * @param {Record<string, string>} words
 */
export function chart(names, rows, columns, text, words) {
  const points = rows.slice(0, columns.dates ? 1000 : MOST).map((row) => ({
    label: plain(text(/** @type {Term} */ (row[columns.x]))),
    number: Number(/** @type {Term} */ (row[columns.y]).value),
  }));
  const title = filled(words.chart_of, { x: names[columns.x], y: names[columns.y] });
  const drawing = columns.dates ? line(points, title) : bars(points, title);
  const note = points.length < rows.length && filled(words.chart_some, { n: points.length });
  return el("figure", { class: "chart" }, drawing, el("figcaption", { class: "quiet" }, title, note && ` · ${note}`));
}

/** @typedef {{ label: string, number: number }} Point */

/**
 * @param {Point[]} points
 * @param {string} title
 */
function bars(points, title) {
  const low = Math.min(0, ...points.map((each) => each.number));
  const high = Math.max(0, ...points.map((each) => each.number));
  const scale = (WIDE - LABEL - NUMBER) / (high - low || 1);
  const zero = LABEL - low * scale;
  const rows = points.map((each, n) => {
    const long = Math.abs(each.number) * scale;
    const from = each.number < 0 ? zero - long : zero;
    return svg("g", { transform: `translate(0 ${n * ROW})` },
      svg("title", {}, `${each.label}: ${each.number}`),
      svg("text", { x: LABEL - 8, y: 16, "text-anchor": "end", class: "label" }, shortened(each.label)),
      svg("rect", { x: from, y: 4, width: Math.max(long, 1), height: ROW - 8, class: "bar" }),
      svg("text", { x: from + long + 6, y: 16, class: "number" }, String(each.number)));
  });
  return frame(title, points.length * ROW + 4, rows);
}

/**
 * @param {Point[]} given
 * @param {string} title
 */
function line(given, title) {
  const points = [...given].sort((a, b) => (a.label < b.label ? -1 : 1));
  const days = points.map((each) => Date.parse(each.label));
  const [first, last] = [Math.min(...days), Math.max(...days)];
  const high = Math.max(1, ...points.map((each) => each.number));
  const low = Math.min(0, ...points.map((each) => each.number));
  const [left, tall] = [50, 240];
  const x = (/** @type {number} */ day) => left + ((day - first) / (last - first || 1)) * (WIDE - left - 20);
  const y = (/** @type {number} */ number) => 16 + (1 - (number - low) / (high - low)) * (tall - 50);
  const path = points.map((each, n) => `${n ? "L" : "M"}${x(days[n]).toFixed(1)} ${y(each.number).toFixed(1)}`).join("");
  const dots = points.map((each, n) =>
    svg("circle", { cx: x(days[n]), cy: y(each.number), r: 3.5, class: "dot" }, svg("title", {}, `${each.label}: ${each.number}`)));
  const ticks = [low, high].flatMap((number) => [
    svg("line", { x1: left, x2: WIDE - 20, y1: y(number), y2: y(number), class: "rule" }),
    svg("text", { x: left - 8, y: y(number) + 5, "text-anchor": "end", class: "number" }, String(number)),
  ]);
  const ends = [
    svg("text", { x: left, y: tall - 8, class: "label" }, points[0].label),
    svg("text", { x: WIDE - 20, y: tall - 8, "text-anchor": "end", class: "label" }, points[points.length - 1].label),
  ];
  return frame(title, tall, [...ticks, svg("path", { d: path, class: "line" }), ...dots, ...ends]);
}

/**
 * @param {string} title
 * @param {number} tall
 * @param {SVGElement[]} content
 */
function frame(title, tall, content) {
  return svg("svg", { viewBox: `0 0 ${WIDE} ${tall}`, role: "img", "aria-label": title }, ...content);
}

/** @param {string} text */
function shortened(text) {
  const wide = [...text].map((c) => (c > "\u2e7f" ? 1 : 0.56));
  let room = 15;
  const kept = [...text].filter((_, n) => (room -= wide[n]) > 0);
  return kept.length < wide.length ? `${kept.join("")}…` : text;
}
