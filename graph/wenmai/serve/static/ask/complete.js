// @ts-check
// What may be completed: terms of the ontology by name or by label, variables of the query, words of SPARQL.

/**
 * @typedef {{ name: string, kind: string, zh: string, en: string, about: string }} Known
 * @typedef {{ label: string, displayLabel?: string, detail?: string, info?: string, apply?: string, type?: string, boost?: number }} Option
 * @typedef {{ state: { doc: { toString(): string } }, pos: number, explicit: boolean,
 *   matchBefore(pattern: RegExp): { from: number, to: number, text: string } | null }} Context
 */

const WORDS = ("SELECT DISTINCT WHERE FILTER OPTIONAL UNION MINUS GRAPH VALUES BIND ORDER BY GROUP BY HAVING LIMIT OFFSET ASK " +
  "CONSTRUCT DESCRIBE PREFIX COUNT SUM MIN MAX AVG SAMPLE GROUP_CONCAT LANG LANGMATCHES DATATYPE STR CONTAINS STRSTARTS REGEX " +
  "BOUND COALESCE IF EXISTS IN YEAR MONTH DAY").split(" ");
const NAME = /[\w\u3400-\u9fff]*:?[\w\u3400-\u9fff]+|[a-z]+:/;

/**
 * Return the sources of completions.
 * @param {{ lang: string, prefixes: Record<string, string>, texts: Record<string, string>, terms: () => Promise<Known[]> }} options
 */
export function completions(options) {
  return [variables(options.texts), terms(options)];
}

/** @param {Record<string, string>} texts */
function variables(texts) {
  return (/** @type {Context} */ context) => {
    const word = context.matchBefore(/[?$]\w*/);
    if (!word) return null;
    const doc = context.state.doc.toString();
    const others = doc.slice(0, word.from) + doc.slice(context.pos);
    const found = new Set((others.match(/[?$]\w+/g) || []).map((each) => word.text[0] + each.slice(1)));
    return { from: word.from, validFor: /^[?$]\w*$/, options: [...found].map((label) => ({ label, detail: texts.variable })) };
  };
}

/** @param {{ lang: string, prefixes: Record<string, string>, texts: Record<string, string>, terms: () => Promise<Known[]> }} options */
function terms(options) {
  /** @type {Option[] | null} */
  let made = null;
  return async (/** @type {Context} */ context) => {
    const word = context.matchBefore(NAME);
    if (!word && !context.explicit) return null;
    const from = word ? word.from : context.pos;
    if (word && context.matchBefore(/[?$<"'@]\w*/)) return null;
    made ??= await options.terms().then((known) => known.flatMap((each) => named(each, options)), () => []);
    return { from, validFor: /^[\w:\u3400-\u9fff]*$/, options: [...made, ...fixed(options)] };
  };
}

/**
 * Return a term by its name and, where it has one, by its Chinese label.
 * @param {Known} term
 * @param {{ lang: string, texts: Record<string, string> }} options
 * @returns {Option[]}
 */
function named(term, { lang, texts }) {
  const detail = [texts[term.kind], lang === "zh" ? term.zh : term.en].filter(Boolean).join(" · ");
  /** @type {Option[]} */
  const found = [{ label: term.name, detail, info: term.about || undefined, boost: term.name.startsWith("wenmai:") ? 2 : 0 }];
  const local = term.name.slice(term.name.indexOf(":") + 1);
  found.push({ label: local, displayLabel: term.name, detail, apply: term.name, boost: -1 });
  if (term.zh) found.push({ label: term.zh, displayLabel: `${term.zh} ${term.name}`, detail: texts[term.kind], apply: term.name, boost: 1 });
  return found;
}

/** @param {{ prefixes: Record<string, string>, texts: Record<string, string> }} options */
function fixed({ prefixes, texts }) {
  return [
    ...Object.keys(prefixes).map((name) => ({ label: `${name}:`, detail: texts.prefix, boost: -1 })),
    ...WORDS.map((label) => ({ label, boost: -2 })),
  ];
}
