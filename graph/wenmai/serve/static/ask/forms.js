// @ts-check
// Every form with a field for a name gets suggestions, and leaves out of the address what is empty.

import { combobox } from "./combobox.js";
import { told as toldBy } from "./dom.js";

const told = toldBy("forms");
for (const field of document.querySelectorAll("input[data-suggest]")) combobox(/** @type {HTMLInputElement} */ (field), told);
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => {
    const empty = [...form.elements].filter((each) => (each instanceof HTMLInputElement || each instanceof HTMLSelectElement) && !each.value && each.name);
    for (const each of empty) each.setAttribute("disabled", "");
    setTimeout(() => empty.forEach((each) => each.removeAttribute("disabled")), 0);
  });
}
