// @ts-check
// IRIs as people read them: prefixed names, labels, and where they lead.

/**
 * @typedef {{ type: string, value: string, "xml:lang"?: string, datatype?: string }} Term
 * @typedef {{ prefix: string, base: string, prefixes: Record<string, string>, lang: string }} Told
 */

const WENMAI = "https://w3id.org/wenmai/ns#";
const AT_A_TIME = 200;

/**
 * Return the link that opens an IRI, empty where there is none: a page of this server, or the web.
 * @param {string} iri
 * @param {Told} told
 */
export function linkOf(iri, told) {
  for (const [kind, page] of [["id", "doc"], ["graph", "graph"]]) {
    const start = `${told.base}${kind}/`;
    const local = iri.slice(start.length);
    if (iri.startsWith(start)) return /^[\w#=,-]+$/.test(local) ? `${told.prefix}/${page}/${local}` : "";
  }
  if (iri.startsWith(WENMAI)) return `${told.prefix}/ns#${encodeURIComponent(iri.slice(WENMAI.length))}`;
  return /^https?:\/\//.test(iri) ? iri : "";
}

/**
 * Return an IRI with its prefix in place of what the prefix stands for.
 * @param {string} iri
 * @param {Record<string, string>} prefixes
 */
export function short(iri, prefixes) {
  for (const [name, start] of Object.entries(prefixes)) {
    if (iri.startsWith(start) && /^[\w-]*$/.test(iri.slice(start.length))) return `${name}:${iri.slice(start.length)}`;
  }
  return iri;
}

/**
 * Ask the graph what things are called, in the language of the page where they have a name in it.
 * @param {Iterable<string>} iris
 * @param {Told} told
 * @returns {Promise<Map<string, string>>}
 */
export async function labels(iris, told) {
  const ours = [...new Set(iris)].filter((iri) => iri.startsWith(`${told.base}id/`) && linkOf(iri, told));
  const found = new Map();
  for (let at = 0; at < ours.length; at += AT_A_TIME) {
    const values = ours.slice(at, at + AT_A_TIME).map((iri) => `<${iri}>`).join(" ");
    const query = `SELECT ?e ?l { VALUES ?e { ${values} } ?e skos:prefLabel|dcterms:title ?l }`;
    const response = await fetch(`${told.prefix}/sparql`, {
      method: "POST",
      headers: { Accept: "application/sparql-results+json" },
      body: new URLSearchParams({ query }),
    });
    if (!response.ok) return found;
    for (const row of (await response.json()).results.bindings) {
      if (!found.has(row.e.value) || row.l["xml:lang"] === told.lang) found.set(row.e.value, row.l.value);
    }
  }
  return found;
}
