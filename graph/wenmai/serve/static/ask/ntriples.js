// @ts-check
// N-Triples (https://www.w3.org/TR/n-triples/) read into the terms of SPARQL's JSON.

/** @typedef {import("./terms.js").Term} Term */

const TERM = String.raw`<([^>]*)>|_:([^\s]+)|"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?`;
const LINE = new RegExp(String.raw`^\s*(?:${TERM})\s+(?:${TERM})\s+(?:${TERM})\s*\.`);
const ESCAPE = /\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g;
/** @type {Record<string, string>} */
const PLAIN = { t: "\t", b: "\b", n: "\n", r: "\r", f: "\f" };

/**
 * Return the triples of a text; a line that is none is passed over.
 * @param {string} text
 * @returns {Term[][]}
 */
export function triples(text) {
  const found = [];
  for (const line of text.split("\n")) {
    const parts = LINE.exec(line);
    if (parts) found.push([0, 1, 2].map((n) => term(parts.slice(1 + 5 * n, 6 + 5 * n))));
  }
  return found;
}

/**
 * @param {(string | undefined)[]} parts
 * @returns {Term}
 */
function term([iri, blank, text, lang, datatype]) {
  if (iri !== undefined) return { type: "uri", value: unescaped(iri) };
  if (blank !== undefined) return { type: "bnode", value: blank };
  /** @type {Term} */
  const made = { type: "literal", value: unescaped(text || "") };
  if (lang) made["xml:lang"] = lang;
  if (datatype) made.datatype = datatype;
  return made;
}

/** @param {string} text */
function unescaped(text) {
  return text.replace(ESCAPE, (_, four, eight, one) =>
    one ? PLAIN[one] || one : String.fromCodePoint(parseInt(four || eight, 16)));
}
