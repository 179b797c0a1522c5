// @ts-check
// The page of /sparql: an editor in place of the form's text, answers without leaving the page.

import { byId, el, filled, plain, told as toldBy } from "./dom.js";
import { editor as makeEditor } from "./editor.js";
import { past, remember } from "./history.js";
import { triples } from "./ntriples.js";
import { show } from "./results.js";

/** @typedef {import("./results.js").Found} Found */

const told = toldBy();
/** @type {Record<string, string>} */
const words = told.texts;
const RESULTS = "application/sparql-results+json, application/n-triples;q=0.9";

const form = /** @type {HTMLFormElement} */ (byId("ask"));
const field = /** @type {HTMLTextAreaElement} */ (byId("query"));
const answer = byId("answer");
const said = byId("said");
const state = el("span", { class: "quiet", role: "status" });
const stop = el("button", { type: "button", disabled: true }, words.stop);
const host = el("div", { class: "editor" });
/** @type {AbortController | null} */
let asking = null;
/** @type {number | undefined} */
let clock;

const shared = new URLSearchParams(location.hash.slice(1)).get("query");
field.before(host);
field.hidden = true;
field.required = false;
const editor = makeEditor(host, shared ?? field.value, {
  label: words.editor,
  lang: told.lang,
  prefixes: told.prefixes,
  texts: words,
  terms: async () => (await (await fetch(`${told.prefix}/ns.terms.json`)).json()).terms,
  run,
});
if (shared !== null) answer.replaceChildren();
tools();
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
addEventListener("hashchange", () => {
  const query = new URLSearchParams(location.hash.slice(1)).get("query");
  if (query !== null) editor.replace(query);
});

function tools() {
  const share = el("button", { type: "button" }, words.share);
  share.addEventListener("click", async () => {
    location.hash = new URLSearchParams({ query: editor.text() }).toString();
    await navigator.clipboard?.writeText(location.href).catch(() => undefined);
    state.textContent = words.shared;
  });
  const run = byId("run");
  for (const child of [...run.children].slice(1)) child.remove();
  run.replaceChildren(run.children[0], stop, share, state);
  run.children[0].setAttribute("title", words.run_key);
  run.children[0].setAttribute("aria-keyshortcuts", "Control+Enter");
  stop.addEventListener("click", () => asking?.abort());
  byId("tools").append(examples(), asked());
  byId("tools").hidden = false;
}

function examples() {
  const list = el("select", { "aria-label": words.examples }, el("option", { value: "" }, words.examples));
  for (const each of told.examples) list.append(el("option", { value: each.href }, each.title));
  list.addEventListener("change", async () => {
    if (!list.value) return;
    const response = await fetch(list.value).catch(() => null);
    if (response?.ok) editor.replace(await response.text());
    else fault(words.lost);
    list.value = "";
    editor.focus();
  });
  return list;
}

function asked() {
  const list = el("select", { "aria-label": words.history });
  const fill = () => {
    const lines = past().map((query, n) => {
      const text = plain(query.replace(/^\s*(PREFIX|#).*\n/gim, "").replace(/\s+/g, " ").trim());
      return el("option", { value: n }, text.length > 60 ? `${text.slice(0, 60)}…` : text);
    });
    list.replaceChildren(el("option", { value: "" }, words.history), ...lines);
    list.hidden = !lines.length;
  };
  fill();
  list.addEventListener("change", () => {
    const query = list.value === "" ? undefined : past()[Number(list.value)];
    if (query !== undefined) editor.replace(query);
    list.value = "";
    editor.focus();
  });
  form.addEventListener("asked", fill);
  return list;
}

async function run() {
  asking?.abort();
  const mine = (asking = new AbortController());
  const query = editor.text();
  remember(query);
  form.dispatchEvent(new Event("asked"));
  begin();
  const started = performance.now();
  try {
    const response = await send(query, RESULTS, mine.signal);
    const seconds = ((performance.now() - started) / 1000).toFixed(2);
    if (!response.ok) await refused(response);
    else show(answer, await read(response), told, (media, ending) => take(query, media, ending));
    state.textContent = response.ok ? filled(words.time, { s: seconds }) : "";
  } catch (error) {
    if (asking !== mine) return;
    state.textContent = mine.signal.aborted ? words.stopped : "";
    if (!mine.signal.aborted) fault(words.lost);
  } finally {
    if (asking === mine) end();
  }
}

function begin() {
  const started = performance.now();
  said.hidden = true;
  editor.sound();
  stop.disabled = false;
  answer.setAttribute("aria-busy", "true");
  state.textContent = words.running;
  clearInterval(clock);
  clock = setInterval(() => {
    state.textContent = `${words.running} ${((performance.now() - started) / 1000).toFixed(0)} s`;
  }, 1000);
}

function end() {
  clearInterval(clock);
  asking = null;
  stop.disabled = true;
  answer.removeAttribute("aria-busy");
}

/**
 * @param {string} query
 * @param {string} accept
 * @param {AbortSignal} [signal]
 */
function send(query, accept, signal) {
  const body = new URLSearchParams({ query });
  return fetch(`${told.prefix}/sparql`, { method: "POST", headers: { Accept: accept }, body, signal });
}

/**
 * @param {Response} response
 * @returns {Promise<Found>}
 */
async function read(response) {
  if ((response.headers.get("content-type") || "").startsWith("application/n-triples")) {
    const rows = triples(await response.text());
    return { kind: "graph", columns: ["subject", "predicate", "object"], rows, yes: false, cut: false };
  }
  const found = await response.json();
  if ("boolean" in found) return { kind: "ask", columns: [], rows: [], yes: found.boolean, cut: false };
  /** @type {string[]} */
  const columns = found.head.vars;
  const rows = found.results.bindings.map((/** @type {any} */ row) => columns.map((name) => row[name] ?? null));
  return { kind: "select", columns, rows, yes: false, cut: response.headers.has("X-Wenmai-Truncated") };
}

/** @param {Response} response */
async function refused(response) {
  const problem = await response.json().catch(() => ({}));
  answer.replaceChildren();
  if (problem.line) {
    const why = String(problem.detail).replace(/^.*?, at /s, "");
    editor.fault(problem.line, problem.column, why);
    fault(`${filled(words.at, { line: problem.line, column: problem.column })}: ${why}`);
  } else fault(problem.detail || words.lost);
}

/** @param {string} text */
function fault(text) {
  said.replaceChildren(el("bdi", {}, plain(text)));
  said.hidden = false;
}

/**
 * @param {string} query
 * @param {string} media
 * @param {string} ending
 */
async function take(query, media, ending) {
  const response = await send(query, media).catch(() => null);
  if (!response?.ok) return fault(words.lost);
  const link = el("a", { href: URL.createObjectURL(await response.blob()), download: `wenmai.${ending}` });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
