// @ts-check
// A field for a name that suggests while one types (WAI-ARIA 1.2, combobox with a list). Without it the field is a field.

import { el, filled, plain } from "./dom.js";

/** @typedef {{ suggest: string, base: string, texts: Record<string, string> }} Told */
/** @typedef {{ name: string, about: string, id: string }} Suggestion */

const PAUSE = 150;
let made = 0;

/**
 * Make a combobox of a field.
 * @param {HTMLInputElement} field
 * @param {Told} told
 */
export function combobox(field, told) {
  const id = `suggestions-${(made += 1)}`;
  const list = el("ul", { id, role: "listbox", class: "suggestions", hidden: true, "aria-label": field.labels?.[0]?.textContent || field.name });
  const status = el("span", { class: "hidden", role: "status" });
  const holder = el("span", { class: "combobox" });
  field.replaceWith(holder);
  holder.append(field, list, status);
  const attributes = { role: "combobox", "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list", autocomplete: "off" };
  for (const [name, value] of Object.entries(attributes)) field.setAttribute(name, value);
  /** @type {Suggestion[]} */
  let shown = [];
  let at = -1;
  let asked = 0;
  /** @type {number | undefined} */
  let later;

  const close = () => {
    clearTimeout(later); // what is still on its way is not to open it again
    asked += 1;
    list.hidden = true;
    at = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const light = (/** @type {number} */ n) => {
    at = (n + shown.length) % shown.length;
    [...list.children].forEach((each, m) => each.setAttribute("aria-selected", String(m === at)));
    field.setAttribute("aria-activedescendant", `${id}-${at}`);
    list.children[at].scrollIntoView({ block: "nearest" });
  };
  const choose = (/** @type {Suggestion} */ one) => {
    // A name that two things bear would mean both: then the id says which.
    field.value = shown.filter((each) => each.name === one.name).length > 1 ? one.id : one.name;
    close();
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const open = (/** @type {Suggestion[]} */ found) => {
    const lit = shown[at]?.id;
    shown = found;
    at = -1;
    list.replaceChildren(...found.map((each, n) => {
      const item = el("li", { role: "option", id: `${id}-${n}`, "aria-selected": "false" },
        el("bdi", {}, plain(each.name)), " ", el("span", { class: "quiet" }, plain(each.about)));
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); choose(each); });
      return item;
    }));
    list.hidden = !found.length;
    field.setAttribute("aria-expanded", String(found.length > 0));
    const again = found.findIndex((each) => each.id === lit);
    if (again >= 0) light(again); // a later answer does not take away what was chosen in an earlier one
    else field.removeAttribute("aria-activedescendant");
    status.textContent = found.length ? filled(told.texts.some, { n: found.length }) : told.texts.none;
  };
  const ask = async () => {
    const mine = (asked += 1);
    const typed = field.value.trim();
    const found = typed ? await suggestions(typed, told) : [];
    if (mine === asked && document.activeElement === field) open(found);
  };

  field.addEventListener("input", () => { clearTimeout(later); later = setTimeout(ask, PAUSE); });
  field.addEventListener("blur", close);
  field.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" && list.hidden) { event.preventDefault(); ask(); }
    else if (list.hidden) return;
    else if (event.key === "ArrowDown") { event.preventDefault(); light(at + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); light(at < 0 ? shown.length - 1 : at - 1); }
    else if (event.key === "Enter" && at >= 0) { event.preventDefault(); choose(shown[at]); }
    else if (event.key === "Escape") { event.preventDefault(); close(); }
  });
}

/**
 * @param {string} typed
 * @param {Told} told
 * @returns {Promise<Suggestion[]>}
 */
async function suggestions(typed, told) {
  try {
    const response = await fetch(`${told.suggest}?${new URLSearchParams({ q: typed })}`);
    if (!response.ok) return [];
    const [, names, about, iris] = await response.json();
    const found = names.map((/** @type {string} */ name, /** @type {number} */ n) => {
      // What it is: its class, then its name where another of its names was typed.
      const [kind, ...label] = about[n].split(" · ");
      const full = label.join(" · ") || name;
      return { name: full, about: full === name ? kind : `${kind} · ${name}`, id: iris[n].replace(`${told.base}id/`, "") };
    });
    return found.filter((/** @type {Suggestion} */ one, /** @type {number} */ n) =>
      found.findIndex((/** @type {Suggestion} */ each) => each.id === one.id) === n);
  } catch {
    return []; // the field still takes what is typed
  }
}
