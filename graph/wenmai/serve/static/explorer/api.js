// Everything the page asks of the server. A request can be stopped; what is on its way is known to `busy`.

import { make } from "./dom.js";
import { page, say } from "./page.js";

/**
 * @typedef {{id: string, iri: string, label: string, class: string, kind: string, degree: number,
 *   status?: string, begin?: string | null, end?: string | null}} Thing
 * @typedef {{id: string, source: string, target: string, predicate: string, label: string, modality: string,
 *   inferred: boolean, symmetric?: boolean, confidence: number | null, claims: number, first: string | null,
 *   last: string | null, dates: string[]}} Edge
 * @typedef {{nodes: Thing[], edges: Edge[], total?: number, more?: boolean, length?: number}} Picture
 * @typedef {{predicate: string, label: string, direction: "out" | "in", other: Thing, edge: Edge}} Fact
 * @typedef {{node: Thing, names: string[], facts: Fact[], events: Fact[], posts: Fact[], articles: number,
 *   total: number, more: boolean, values: {predicate: string, label: string, value: string}[]}} Card
 * @typedef {{iri: string, quote: string, begin: number, end: number, modality: string, confidence: number | null,
 *   approximate?: boolean, article: {id?: string, iri: string, title: string, date: string, paper?: string}}} Claim
 * @typedef {{id?: string, iri?: string, label: string}} Named
 * @typedef {{fact: unknown, terms?: string[], axioms?: unknown[], premises?: Proof[], claims?: Claim[]}} Proof
 * @typedef {{fact: {subject: Named, predicate: string, label: string, object: Named, holds: boolean,
 *   inferred: boolean}, claims: Claim[], against: Claim[], why: Proof[], more?: number}} Evidence
 */

/** An answer that is no success, in words for the reader. */
export class Refused extends Error {
  /**
   * @param {string} message
   * @param {number} status
   */
  constructor(message, status) {
    super(message);
    this.status = status;
  }
}

/** @type {Map<AbortController, () => void>} */
const running = new Map();
/** @type {(number: number) => void} */
let told = () => {};

/**
 * Has the number of requests on their way told each time that it changes.
 * @param {(number: number) => void} listener
 */
export function busy(listener) {
  told = listener;
}

/** Stops all requests on their way. */
export function stop() {
  for (const controller of running.keys()) controller.abort();
}

/**
 * Asks for JSON. Throws Refused, or an AbortError when the reader stopped it.
 * @param {string} path
 * @param {Record<string, string | number | string[]>} query
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export async function ask(path, query, signal) {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...query, lang: page.lang })) {
    for (const each of Array.isArray(value) ? value : [value]) fields.append(name, String(each));
  }
  const controller = new AbortController();
  signal?.addEventListener("abort", () => controller.abort());
  running.set(controller, () => {});
  told(running.size);
  try {
    const response = await fetch(`${page.prefix}${path}?${fields}`, {
      headers: { Accept: "application/json, application/problem+json;q=0.5" },
      signal: controller.signal,
    });
    if (!response.ok) throw new Refused(said(response.status, path), response.status);
    return await response.json();
  } catch (error) {
    if (error instanceof TypeError || error instanceof SyntaxError) throw new Refused(say("no_server"), 0);
    throw error;
  } finally {
    running.delete(controller);
    told(running.size);
  }
}

/**
 * Says what a reader may do about an answer that is no success.
 * @param {number} status
 * @param {string} path
 */
function said(status, path) {
  if (status === 404 && path.endsWith("/path")) return say("no_path");
  if (status === 404 || status === 410) return say("not_found");
  if (status === 429 || status >= 500) return say("too_busy");
  return say("cannot", { status });
}

/**
 * @param {string[]} ids
 * @param {number} limit
 * @param {number} [offset]
 * @returns {Promise<Picture>}
 */
export function around(ids, limit, offset = 0) {
  return ask("/explore/around", { id: ids, limit, offset });
}

/** @returns {Promise<Picture>} */
export function start() {
  return ask("/explore/start", {});
}

/**
 * @param {string} from
 * @param {string} to
 * @returns {Promise<Picture>}
 */
export function path(from, to) {
  return ask("/explore/path", { from, to });
}

/**
 * @param {string[]} ids
 * @returns {Promise<Picture>}
 */
export function common(ids) {
  return ask("/explore/common", { id: ids });
}

const TOGETHER = 500;

/**
 * Returns things and all lines between them.
 * @param {string[]} ids
 * @returns {Promise<Picture>}
 */
export async function among(ids) {
  const parts = [];
  for (let at = 0; at < ids.length; at += TOGETHER / 2) parts.push(ids.slice(at, at + TOGETHER / 2));
  const asked = [];
  for (let one = 0; one < parts.length; one += 1) {
    for (let other = one + 1; other < parts.length; other += 1) asked.push([...parts[one], ...parts[other]]);
  }
  if (!asked.length && parts.length) asked.push(parts[0]);
  const pictures = [];
  for (const some of asked) pictures.push(await ask("/explore/among", { ids: some.join(" ") }));
  return { nodes: pictures.flatMap((each) => each.nodes), edges: pictures.flatMap((each) => each.edges) };
}

/**
 * @param {string} id
 * @param {AbortSignal} signal
 * @returns {Promise<Card>}
 */
export function card(id, signal) {
  return ask("/explore/card", { id }, signal);
}

/**
 * @param {string} edge the id of an edge
 * @param {AbortSignal} signal
 * @returns {Promise<Evidence>}
 */
export function evidence(edge, signal) {
  const [s, p, o] = edge.split("|");
  return ask("/explore/evidence", { s, p, o }, signal);
}

/**
 * @param {string} text
 * @param {AbortSignal} signal
 * @returns {Promise<{names: {name: string, label: string, class: string, iri: string}[]}>}
 */
export function names(text, signal) {
  return ask("/search", { q: text, kind: "names", limit: 20 }, signal);
}

/** Up to so many things are written into one file. */
export const MOST_EXPORTED = 2000;

/**
 * Has the server write things and the lines between them into a file, which the browser saves.
 * @param {string} format
 * @param {string[]} ids
 * @param {string[]} edges
 */
export function exported(format, ids, edges) {
  const fields = { format, ids: ids.join(" "), edges: edges.join(" "), lang: page.lang };
  const inputs = Object.entries(fields).map(([name, value]) => make("input", { type: "hidden", name, value }));
  const form = make("form", { method: "post", action: `${page.prefix}/explore/export`, hidden: true }, ...inputs);
  document.body.append(form);
  form.submit();
  form.remove();
}
