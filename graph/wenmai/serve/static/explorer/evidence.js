// The words that a line stands on, and beside them those against it: each with its article, which opens at the words.

import { make, own } from "./dom.js";
import { address, page, say } from "./page.js";

/**
 * @typedef {import("./api.js").Claim} Claim
 * @typedef {import("./api.js").Evidence} Evidence
 */

/**
 * Returns what there is to read about a line.
 * @param {Evidence} found
 * @param {string} edge
 * @param {(id: string) => void} open
 * @returns {Node[]}
 */
export function evidence(found, edge, open) {
  const { fact } = found;
  const end = (/** @type {import("./api.js").Named} */ thing) => {
    const id = thing.id || (thing.iri || "").split("/").pop() || "";
    return make("button", { type: "button", class: "ex-link", click: () => open(id) }, own(thing.label));
  };
  const head = make(
    "h2",
    { tabindex: "-1" },
    end(fact.subject),
    make("span", { class: "verb" }, fact.label),
    end(fact.object),
  );
  const status = fact.inferred ? "fact_inferred" : fact.holds ? "fact_holds" : "fact_not";
  /** @type {HTMLElement[]} */
  const parts = [head, make("p", { class: "quiet" }, say(status))];
  const mine = list(found.claims, say("evidence"));
  if (found.against.length) {
    parts.push(make("div", { class: "ex-sides" }, mine, list(found.against, say("against"), "ex-against")));
  } else if (found.claims.length) parts.push(mine);
  if (found.more) parts.push(make("p", { class: "quiet" }, say("more_claims", { n: found.more })));
  if (found.why.length)
    parts.push(make("section", {}, make("h3", {}, say("why")), ...found.why.map((proof) => why(proof))));
  parts.push(cite(edge));
  return parts;
}

/**
 * @param {Claim[]} claims
 * @param {string} heading
 * @param {string} [name]
 */
function list(claims, heading, name = "") {
  return make(
    "section",
    { class: name },
    make("h3", {}, heading, make("span", { class: "quiet" }, ` ${claims.length}`)),
    ...claims.map(claim),
  );
}

/**
 * Returns the address of the article of a claim, at its words.
 * @param {Claim} said
 */
export function whereSaid(said) {
  const id = said.article.id || (said.article.iri || "").split("/").pop() || "";
  return id ? address(`/doc/${id}#char=${said.begin},${said.end}`) : "";
}

/** @param {Claim} said */
function claim(said) {
  const href = whereSaid(said);
  const { title, date, paper } = said.article;
  const words = make("p", { lang: "zh-Hans" }, href ? make("a", { href }, own(said.quote)) : own(said.quote));
  const source = make(
    "cite",
    {},
    date ? make("time", { datetime: date }, date) : null,
    date ? " " : null,
    paper ? own(paper) : null,
    paper ? " " : null,
  );
  source.append(href ? make("a", { href: href.split("#")[0], lang: "zh-Hans" }, own(title)) : own(title));
  const quiet = make("p", { class: "quiet" }, source, " ", tag(said.modality));
  if (said.approximate) quiet.append(" ", make("span", { class: "tag" }, say("approximate")));
  if (said.confidence !== null && said.confidence !== undefined)
    quiet.append(" ", make("span", { title: say("confidence") }, String(said.confidence)));
  return make("blockquote", { class: "quote" }, words, quiet);
}

/** @param {string} modality */
function tag(modality) {
  const key = modality.toLowerCase();
  return make("span", { class: `tag ${key}` }, page.kinds.find((kind) => kind.key === key)?.label || modality);
}

/**
 * @param {import("./api.js").Proof} proof
 * @returns {HTMLElement}
 */
function why(proof) {
  const said = Array.isArray(proof.fact) ? proof.fact.join(" ") : String(proof.fact);
  const item = make("div", { class: "ex-why" }, make("p", {}, own(said)));
  for (const each of proof.claims || []) item.append(claim(each));
  for (const each of proof.premises || []) item.append(why(each));
  return item;
}

/** @param {string} edge */
function cite(edge) {
  const [s, p, o] = edge.split("|");
  const link = (/** @type {string} */ format, /** @type {string} */ label) =>
    make("a", { href: address(`/explore/cite?${new URLSearchParams({ s, p, o, format })}`), download: true }, label);
  return make(
    "p",
    { class: "ex-cite" },
    say("cite"),
    " ",
    link("text", say("cite_text")),
    " · ",
    link("bibtex", "BibTeX"),
    " · ",
    link("ris", "RIS"),
  );
}
