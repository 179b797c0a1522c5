// @ts-check
// The queries asked before, kept by the browser: a few, the latest first, none of them long.

const KEY = "wenmai.queries";
const [MOST, LONGEST] = [30, 8000];

/** @returns {string[]} */
export function past() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) || "[]");
    return Array.isArray(kept) ? kept.filter((each) => typeof each === "string").slice(0, MOST) : [];
  } catch {
    return []; // a browser may refuse storage
  }
}

/** @param {string} query */
export function remember(query) {
  const text = query.trim();
  if (!text || text.length > LONGEST) return;
  try {
    localStorage.setItem(KEY, JSON.stringify([text, ...past().filter((each) => each !== text)].slice(0, MOST)));
  } catch {
    // full or refused: there is no history then
  }
}
