// @ts-check
// Elements made of text alone: what comes from the graph never becomes markup.

/** @typedef {string | Node | null | undefined | false} Part */

/**
 * Return a new element with attributes and content; an attribute that is false is left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean>} [attributes]
 * @param {...(Part | Part[])} content
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== false) made.setAttribute(name, value === true ? "" : String(value));
  }
  for (const part of content.flat()) if (part) made.append(part);
  return made;
}

/**
 * Return a new element of an SVG drawing.
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...Part} content
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...content) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  for (const part of content) if (part) made.append(part);
  return made;
}

/**
 * Return the element of an id that the page has.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found;
}

/**
 * Return what the page tells its script in a block of JSON.
 * @returns {any}
 */
export function told(id = "told") {
  return JSON.parse(byId(id).textContent || "{}");
}

/**
 * Return words with what stands in braces filled in.
 * @param {string} text
 * @param {Record<string, string | number>} values
 */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/**
 * Return text without what turns the direction of writing or cannot be seen.
 * @param {string} text
 */
export function plain(text) {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (c) => (c === "\n" || c === "\t" ? c : ""));
}
