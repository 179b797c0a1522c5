// @ts-check
// The editor: CodeMirror in a shadow root, where it takes its style sheets as objects, which a strict policy allows.

import {
  EditorState, EditorView, HighlightStyle, Prec, StreamLanguage, autocompletion, bracketMatching, closeBrackets,
  closeBracketsKeymap, completionKeymap, defaultKeymap, drawSelection, highlightActiveLine, history, historyKeymap,
  keymap, lineNumbers, lintGutter, setDiagnostics, sparql, syntaxHighlighting, tags,
} from "../vendor/editor.js";
import { completions } from "./complete.js";

/**
 * @typedef {{ text: () => string, replace: (text: string) => void, focus: () => void,
 *   fault: (line: number, column: number, message: string) => void, sound: () => void }} Editor
 */

const LOOK = EditorView.theme({
  "&": { color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: "0.95rem", border: "1px solid var(--soft)" },
  "&.cm-focused": { outline: "3px solid var(--link)", outlineOffset: "1px" },
  ".cm-content": { fontFamily: 'ui-monospace, "Noto Sans Mono", "Noto Sans Mono CJK SC", monospace', caretColor: "var(--ink)" },
  ".cm-content, .cm-gutter": { minHeight: "14rem" },
  ".cm-scroller": { maxHeight: "60vh", overflow: "auto", lineHeight: "1.6" },
  ".cm-gutters": { backgroundColor: "var(--shade)", color: "var(--soft)", borderRight: "1px solid var(--rule)" },
  ".cm-activeLine": { backgroundColor: "transparent" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "var(--mark)" },
  ".cm-tooltip": { backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--soft)", maxWidth: "90vw" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--link)", color: "var(--paper)" },
  ".cm-completionDetail": { fontStyle: "normal", color: "inherit", opacity: "1" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-diagnostic-error": { borderLeft: "4px solid var(--accent)" },
});
const COLOURS = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--link)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--accent)" },
  { tag: [tags.string, tags.number, tags.bool], color: "var(--hear)" },
  { tag: tags.atom, color: "var(--plan)" },
  { tag: tags.comment, color: "var(--soft)", fontStyle: "italic" },
]);

/**
 * Put an editor in place of an element that stays hidden in the page.
 * @param {HTMLElement} host
 * @param {string} doc
 * @param {{ label: string, lang: string, prefixes: Record<string, string>, texts: Record<string, string>,
 *   terms: () => Promise<import("./complete.js").Known[]>, run: () => void }} options
 * @returns {Editor}
 */
export function editor(host, doc, options) {
  const root = host.attachShadow({ mode: "open" });
  const run = { key: "Mod-Enter", run: () => { options.run(); return true; } };
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc,
      extensions: [
        Prec.highest(keymap.of([run])),
        lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(), lintGutter(),
        StreamLanguage.define(sparql), syntaxHighlighting(COLOURS), LOOK,
        autocompletion({ override: completions(options), maxRenderedOptions: 60, icons: false }),
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...historyKeymap, ...completionKeymap]),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": options.label, lang: "en" }),
        prefixed(options.prefixes),
        EditorView.domEventHandlers({ beforeinput: typedOver }),
      ],
    }),
  });
  return {
    text: () => view.state.doc.toString(),
    replace: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    focus: () => view.focus(),
    fault: (line, column, message) => {
      const from = position(view.state.doc, line, column);
      const word = /^[\w:?$]+/.exec(view.state.doc.sliceString(from, from + 100));
      const to = Math.min(view.state.doc.length, from + (word ? word[0].length : 1));
      view.dispatch(setDiagnostics(view.state, [{ from: Math.min(from, to), to, severity: "error", message }]));
      view.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: "center" }) });
    },
    sound: () => view.dispatch(setDiagnostics(view.state, [])),
  };
}

/**
 * Put typed text in place of a selection. Left to itself Chromium first makes an element with a style of its own, which
 * the policy of the page refuses with a word on the console.
 * @param {InputEvent} event
 * @param {any} view
 */
function typedOver(event, view) {
  const { from, to, empty } = view.state.selection.main;
  if (event.inputType !== "insertText" || !event.data || empty || view.composing || view.state.selection.ranges.length > 1) return false;
  const text = event.data;
  const insert = () => view.state.update({
    changes: { from, to, insert: text }, selection: { anchor: from + text.length }, userEvent: "input.type", scrollIntoView: true,
  });
  const handled = view.state.facet(EditorView.inputHandler)
    .some((/** @type {any} */ handler) => handler(view, from, to, text, insert));
  if (!handled) view.dispatch(insert());
  event.preventDefault();
  return true;
}

/**
 * Return where in a document a line and a column are, which count from 1 and in code points.
 * @param {any} doc
 * @param {number} line
 * @param {number} column
 */
function position(doc, line, column) {
  const found = doc.line(Math.min(Math.max(line, 1), doc.lines));
  return Math.min(found.to, found.from + [...found.text].slice(0, column - 1).join("").length);
}

/**
 * Declare a well-known prefix at the head of the query as soon as it is used.
 * @param {Record<string, string>} prefixes
 */
function prefixed(prefixes) {
  return EditorState.transactionFilter.of((/** @type {any} */ change) => {
    if (!change.docChanged || !change.isUserEvent("input")) return change;
    const doc = change.newDoc.toString();
    const at = change.newSelection.main.head;
    const typed = /(?:^|[\s({.;,/|^!])([a-z]+):\w*$/.exec(doc.slice(0, at));
    const line = doc.slice(doc.lastIndexOf("\n", at - 1) + 1, at);
    const name = typed && typed[1];
    if (!name || !Object.hasOwn(prefixes, name) || /^\s*(PREFIX|#)/i.test(line)) return change;
    if (new RegExp(`\\bPREFIX\\s+${name}:`, "i").test(doc)) return change;
    const insert = `PREFIX ${name}: <${prefixes[name]}>\n`;
    return [change, { changes: { from: 0, insert }, sequential: true }];
  });
}
