// @ts-check
// An answer shown: a table that sorts, a chart where there is a number, a way into the network, files to take away.

import { chart, chartable } from "./chart.js";
import { el, filled, plain } from "./dom.js";
import { labels, linkOf, short } from "./terms.js";

/**
 * @typedef {import("./terms.js").Term} Term
 * @typedef {import("./terms.js").Told & { texts: Record<string, string> }} Told
 * @typedef {{ kind: "ask" | "select" | "graph", columns: string[], rows: (Term | null)[][], yes: boolean, cut: boolean }} Found
 */

const SHOWN = 500;
const IN_NETWORK = 40;
const FILES = {
  select: [["CSV", "csv", "text/csv"], ["JSON", "json", "application/sparql-results+json"]],
  graph: [["Turtle", "ttl", "text/turtle"], ["JSON-LD", "jsonld", "application/ld+json"], ["N-Triples", "nt", "application/n-triples"]],
};

/**
 * Show an answer within an element.
 * @param {HTMLElement} place
 * @param {Found} found
 * @param {Told} told
 * @param {(media: string, ending: string) => void} take called to download the whole answer
 */
export function show(place, found, told, take) {
  const words = told.texts;
  if (found.kind === "ask") {
    place.replaceChildren(el("p", { class: "verdict" }, found.yes ? words.yes : words.no));
    return;
  }
  const count = filled(found.kind === "graph" ? words.triples : words.rows, { n: found.rows.length.toLocaleString() });
  const notes = [found.rows.length ? count : words.none];
  if (found.cut) notes.push(filled(words.cut, { n: found.rows.length.toLocaleString() }));
  else if (found.rows.length > SHOWN) notes.push(filled(words.some, { n: SHOWN }));
  const files = FILES[found.kind].map(([name, ending, media]) => {
    const button = el("button", { type: "button" }, name);
    button.addEventListener("click", () => take(media, ending));
    return button;
  });
  const bar = el("div", { class: "bar" }, el("span", { class: "quiet" }, notes.join(" ")), ...network(found, told),
    el("span", { class: "files" }, el("span", {}, words.download), ...files));
  if (!found.rows.length) {
    place.replaceChildren(bar);
    return;
  }
  const sheet = table(found, told);
  place.replaceChildren(bar, ...views(found, told, sheet));
  names(sheet, found, told);
}

/**
 * Return the table, and a chart beside it to choose where the answer has one.
 * @param {Found} found
 * @param {Told} told
 * @param {HTMLElement} sheet
 */
function views(found, told, sheet) {
  const words = told.texts;
  const columns = found.kind === "select" ? chartable(found.rows, found.columns.length) : null;
  if (!columns) return [sheet];
  /** @type {HTMLElement | null} */
  let drawn = null;
  const choices = [words.table, columns.dates ? words.line : words.bars].map((text, n) => {
    const button = el("button", { type: "button", "aria-pressed": String(n === 0) }, text);
    button.addEventListener("click", () => {
      // Names may have come since: a chart is drawn when it is looked at.
      const known = new Map([...sheet.querySelectorAll("a[data-iri]")].map((a) => [a.getAttribute("data-iri"), a.textContent || ""]));
      if (n === 1 && !drawn) {
        drawn = chart(found.columns, found.rows, columns, (term) => known.get(term.value) || short(term.value, told.prefixes), words);
        sheet.after(drawn);
      }
      sheet.hidden = n === 1;
      if (drawn) drawn.hidden = n === 0;
      choices.forEach((each, m) => each.setAttribute("aria-pressed", String(m === n)));
    });
    return button;
  });
  return [el("div", { class: "bar", role: "group", "aria-label": words.views }, ...choices), sheet];
}

/**
 * @param {Found} found
 * @param {Told} told
 */
function table(found, told) {
  const words = told.texts;
  const body = el("tbody");
  const rows = found.rows.slice(0, SHOWN);
  const fill = (/** @type {(Term | null)[][]} */ some) => body.replaceChildren(...some.map((row) => line(row, told)));
  const heads = found.columns.map((name, n) => {
    const button = el("button", { type: "button", title: filled(words.sort, { name }) }, name);
    const head = el("th", { scope: "col" }, button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const shown = new Map([...body.querySelectorAll("a[data-iri]")].map((a) => [a.getAttribute("data-iri"), a.textContent || ""]));
      rows.sort((one, other) => (down ? -1 : 1) * compare(one[n], other[n], shown));
      fill(rows);
      for (const a of body.querySelectorAll("a[data-iri]")) a.textContent = shown.get(a.getAttribute("data-iri")) ?? a.textContent;
    });
    return head;
  });
  fill(rows);
  const made = el("table", { class: "answer" }, el("thead", {}, el("tr", {}, heads)), body);
  return el("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": words.answer }, made);
}

/**
 * @param {(Term | null)[]} row
 * @param {Told} told
 */
function line(row, told) {
  return el("tr", {}, row.map((term) => el("td", {}, term && cell(term, told))));
}

/**
 * @param {Term} term
 * @param {Told} told
 */
function cell(term, told) {
  if (term.type !== "uri") return el("bdi", term["xml:lang"] ? { lang: term["xml:lang"] } : {}, plain(term.value));
  const href = linkOf(term.value, told);
  const text = plain(short(term.value, told.prefixes));
  if (!href) return el("bdi", {}, text);
  return el("a", { href, "data-iri": term.value, title: term.value, rel: href.startsWith("http") && "noreferrer" }, text);
}

/**
 * @param {Term | null} one
 * @param {Term | null} other
 * @param {Map<string | null, string>} shown
 */
function compare(one, other, shown) {
  if (!one || !other) return one ? -1 : other ? 1 : 0;
  const [a, b] = [Number(one.value), Number(other.value)];
  if (one.type === "literal" && other.type === "literal" && one.value && !Number.isNaN(a) && !Number.isNaN(b)) return a - b;
  const text = (/** @type {Term} */ term) => shown.get(term.value) || term.value;
  return text(one).localeCompare(text(other), "zh");
}

/**
 * Put what things are called in place of what they are known by.
 * @param {HTMLElement} sheet
 * @param {Found} found
 * @param {Told} told
 */
async function names(sheet, found, told) {
  const iris = found.rows.slice(0, SHOWN).flat().flatMap((term) => (term && term.type === "uri" ? [term.value] : []));
  const known = await labels(iris, told).catch(() => new Map());
  for (const link of sheet.querySelectorAll("a[data-iri]")) {
    const label = known.get(link.getAttribute("data-iri") || "");
    if (label) link.replaceChildren(el("bdi", {}, plain(label)));
  }
}

/**
 * Return a link that opens the things of an answer in the network, nothing where there are none.
 * @param {Found} found
 * @param {Told} told
 */
function network(found, told) {
  const start = `${told.base}id/`;
  const ids = new Set();
  for (const term of found.rows.flat()) {
    const local = term && term.type === "uri" && term.value.startsWith(start) ? term.value.slice(start.length) : "";
    if (/^(org|person|place|policy|agreement|event|post)-[\w-]+$/.test(local)) ids.add(local);
    if (ids.size >= IN_NETWORK) break;
  }
  if (!ids.size) return [];
  // The explorer wants to be told where things stand: a sunflower gives each its room.
  const placed = [...ids].map((id, n) => {
    const [far, turn] = [120 * Math.sqrt(n), n * 2.39996];
    return `${id},${Math.round(far * Math.cos(turn))},${Math.round(far * Math.sin(turn))},`;
  });
  const ratio = Math.max(0.5, (1.4 * 120 * Math.sqrt(ids.size)) / 500).toFixed(2); // at 1 it shows 500 each way
  return [el("a", { href: `${told.prefix}/#n=${placed.join(";")}&v=0.5,0.5,${ratio}` }, told.texts.network)];
}
