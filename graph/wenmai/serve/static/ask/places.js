// @ts-check
// The tree of places opens step by step: what lies in a place is asked for when it is opened.

import { el, plain, told } from "./dom.js";

const MOST = 200;
const tree = document.getElementById("tree");
const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";

/**
 * @typedef {{ id: string, label: string }} Node
 * @typedef {{ node: Node, places: number, things: number, events: number }} Item
 */

tree?.addEventListener("toggle", (event) => {
  const place = event.target;
  if (place instanceof HTMLDetailsElement && place.open && place.dataset.under && !place.dataset.filled) fill(place);
}, true);

/** @param {HTMLDetailsElement} place */
async function fill(place) {
  place.dataset.filled = "yes";
  const inside = place.querySelector("a");
  const here = place.querySelector("p");
  if (!inside || !here) return;
  const asked = new URLSearchParams({ under: place.dataset.under || "", limit: String(MOST), lang });
  const at = new URL(inside.href);
  const prefix = at.pathname.replace(/\/places$/, "");
  const response = await fetch(`${prefix}/explore/places?${asked}`).catch(() => null);
  if (!response?.ok) return; // the link above still leads there
  const found = await response.json();
  place.append(el("ul", { class: "tree" }, found.items.map((/** @type {Item} */ each) => item(each, place, prefix, at))));
}

/**
 * @param {Item} each
 * @param {HTMLDetailsElement} above
 * @param {string} prefix
 * @param {URL} at
 */
function item(each, above, prefix, at) {
  const name = el("bdi", { lang: "zh-Hans" }, plain(each.node.label));
  const counts = el("span", { class: "quiet" }, said(each));
  const page = `${prefix}/doc/${each.node.id}${at.searchParams.has("lang") ? `?lang=${lang}` : ""}`;
  if (!each.places) return el("li", {}, el("p", { class: "leaf" }, chip(), el("a", { href: page }, name), " ", counts));
  const inside = new URL(at);
  inside.searchParams.set("under", each.node.id);
  const [first, second] = [...above.querySelectorAll("p a")].map((a) => a.textContent || "");
  return el("li", {}, el("details", { "data-under": each.node.id }, el("summary", {}, chip(), name, " ", counts),
    el("p", {}, el("a", { href: inside.href }, first), " · ", el("a", { href: page }, second))));
}

function chip() {
  return el("span", { class: "chip c-place", "aria-hidden": "true" });
}

/** @param {Item} each */
function said(each) {
  const words = told("counts");
  return [["places", each.places], ["things", each.things], ["events", each.events]]
    .filter(([, n]) => n).map(([key, n]) => String(words[key]).replace("{n}", String(n))).join(" ");
}
