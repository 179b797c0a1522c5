// What the server says to the page once: words, classes, kinds of statement, where things are.

/**
 * @typedef {{key: string, classes: string[], shape: string, colour: string, border: string, label: string}} Group
 * @typedef {{key: string, label: string, mark: string}} Kind
 * @typedef {{lang: "zh" | "en", asked: boolean, prefix: string, groups: Group[], kinds: Kind[],
 *   classes: Record<string, string>, words: Record<string, string>}} Page
 */

/** @type {Page} */
export const page = JSON.parse(document.getElementById("page-data")?.textContent || "{}");

/**
 * Returns words of the interface; `{name}` in them becomes a value.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function say(key, values = {}) {
  return (page.words[key] || key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
}

/** @param {number} number */
export function counted(number) {
  return number.toLocaleString("en-US");
}

const BY_CLASS = new Map(page.groups.flatMap((group) => group.classes.map((name) => [name, group])));

/**
 * Returns the group of classes that a class is drawn as.
 * @param {string} name
 * @returns {Group}
 */
export function groupOf(name) {
  return BY_CLASS.get(name) || page.groups[page.groups.length - 1];
}

/** @param {string} name */
export function className(name) {
  return page.classes[name] || name;
}

/**
 * Returns the address of a path of this server, in the language the reader asked for.
 * @param {string} path
 */
export function address(path) {
  if (!page.asked) return page.prefix + path;
  const [whole, fragment = ""] = path.split("#");
  return `${page.prefix}${whole}${whole.includes("?") ? "&" : "?"}lang=${page.lang}${fragment && "#" + fragment}`;
}

/** The interface as a browser's media queries see it. */
export const calm = matchMedia("(prefers-reduced-motion: reduce)");
export const dark = matchMedia("(prefers-color-scheme: dark)");
