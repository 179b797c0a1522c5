// Puts the parts of the page together.

import * as api from "./api.js";
import * as files from "./export.js";
import { Explorer } from "./explorer.js";
import { Filters } from "./filters.js";
import { Keys } from "./keys.js";
import { List } from "./list.js";
import { Panel } from "./panel.js";
import { Between } from "./path.js";
import { Combobox } from "./search.js";
import { State, decode, encode } from "./state.js";
import { TimeFilter } from "./timefilter.js";
import { at, make } from "./dom.js";
import { address, counted, page, say } from "./page.js";

at("explorer").hidden = false;
document.body.classList.add("exploring");
at("ex-filters").toggleAttribute("open", innerWidth > 640); // on a narrow screen they would come before the picture
const input = /** @type {HTMLInputElement} */ (at("q2"));
const state = new State();
const explorer = new Explorer(at("ex-canvas"), state, { tell, shown });
const { canvas, facts } = explorer;

/**
 * Says something to the reader: on the page, and to who hears it read.
 * @param {string} words
 * @param {boolean} [failed]
 */
function tell(words, failed = false) {
  at("ex-said").textContent = words;
  at("ex-said").classList.toggle("failed", failed);
}

const panel = new Panel(at("ex-panel"), { open: look, edge: follow, actions });
const filters = new Filters(
  {
    classes: at("ex-classes"),
    kinds: at("ex-kinds"),
    relations: at("ex-relations"),
    confidence: /** @type {HTMLInputElement} */ (at("ex-confidence")),
  },
  state,
  () => explorer.show(),
);
const time = new TimeFilter(at("ex-time"), state, () => explorer.show());
const list = new List(/** @type {HTMLDetailsElement} */ (at("ex-list")), (kind, id) => explorer.choose(kind, id));
const between = new Between(at("ex-between"), {
  tell,
  path: (from, to) =>
    explorer.between(api.path(from, to), [from, to], ({ length }) => say("path_found", { n: counted(length || 0) })),
  common: (from, to) =>
    explorer.between(api.common([from, to]), [from, to], ({ nodes }) =>
      say("common_found", { n: counted(Math.max(0, nodes.length - 2)) }),
    ),
});
new Combobox(
  input,
  ({ id }) => {
    explorer.open(id, true).then((done) => done && at("ex-canvas").focus({ preventScroll: innerWidth > 640 }));
  },
  (text) =>
    make(
      "a",
      { href: address(`/search?${new URLSearchParams({ q: text })}`), tabindex: "-1" },
      say("search_articles", { q: text }),
    ),
);
new Keys(canvas, {
  undo: () => explorer.undo(),
  redo: () => explorer.redo(),
  expand: (id) => explorer.expand(id),
  collapse: (id) => explorer.collapse(id),
  hide: (id) => explorer.hide(id),
  pin: (id) => explorer.pin(id),
  choose: (kind, id) => explorer.choose(kind, id),
  line: nextLine,
  focus: (id) => {
    state.focus = id;
    canvas.restyle();
    explorer.write();
  },
  tell,
});

/** Brings everything beside the picture up to date; once for all that happens between two frames. */
let due = 0;
function shown() {
  panel?.show(state.selection);
  if (due) return;
  due = requestAnimationFrame(() => {
    due = 0;
    const { nodes, edges, all } = explorer.seen;
    filters.draw(facts, all);
    time.draw(all);
    list.show(nodes, edges, facts);
    for (const [id, some] of /** @type {[string, unknown[]][]} */ ([
      ["ex-undo", explorer.steps.past],
      ["ex-redo", explorer.steps.future],
    ])) {
      at(id).toggleAttribute("disabled", !some.length);
    }
    at("ex-empty").hidden = nodes.size > 0 || !state.shown.size;
    at("ex-count").textContent = say("count", { nodes: counted(nodes.size), edges: counted(edges.length) });
  });
}

/**
 * Chooses a thing; brings it into the picture where it is not there.
 * @param {string} id
 */
function look(id) {
  if (!id) return explorer.choose("", "");
  if (!state.shown.has(id)) return explorer.open(id);
  explorer.choose("node", id);
}

/**
 * Chooses a line; brings its other end into the picture where it is not there.
 * @param {api.Edge} edge
 * @param {api.Thing} other
 */
function follow(edge, other) {
  const mine = edge.source === other.id ? edge.target : edge.source;
  if (!state.shown.has(other.id) || !facts.edges.has(edge.id)) {
    explorer.add(
      {
        nodes: [
          ...(facts.nodes.has(other.id) ? [] : [other]),
          ...[other, mine].flatMap((each) => facts.nodes.get(typeof each === "string" ? each : each.id) || []),
        ],
        edges: [edge],
      },
      { by: mine },
    );
  }
  explorer.choose("edge", edge.id);
}

/**
 * Chooses the next line of a thing.
 * @param {string} id
 */
function nextLine(id) {
  const lines = canvas.graph.hasNode(id) ? canvas.graph.edges(id) : [];
  if (!lines.length) return tell(say("no_lines"));
  const next = lines[(lines.indexOf(state.selection?.id || "") + 1) % lines.length];
  explorer.choose("edge", next);
  const edge = facts.edges.get(next);
  if (edge) tell(say("at_line", { from: facts.label(edge.source), label: edge.label, to: facts.label(edge.target) }));
}

/**
 * Returns what can be done with a thing, as the buttons of the panel.
 * @param {string} id
 */
function actions(id) {
  const placed = state.shown.get(id);
  if (!placed) return [{ key: "open", label: say("show_it"), run: () => void explorer.open(id) }];
  const asked = state.expanded.get(id);
  const total = facts.totals.get(id);
  const left = total === undefined || asked === undefined ? null : Math.max(0, total - asked);
  const found = [];
  if (left !== 0)
    found.push({
      key: "expand",
      label:
        left === null
          ? say("expand")
          : say("expand_more", { n: counted(Math.min(60, left)), total: counted(total || 0) }),
      run: () => void explorer.expand(id),
    });
  found.push(
    { key: "collapse", label: say("collapse"), run: () => explorer.collapse(id) },
    { key: "pin", label: say(placed.pinned ? "unpin" : "pin"), run: () => explorer.pin(id) },
    { key: "hide", label: say("hide"), run: () => explorer.hide(id) },
    { key: "only", label: say("only"), run: () => explorer.only(id) },
    { key: "path", label: say("path_from"), run: () => between.begin({ id, label: facts.label(id) }) },
  );
  return found;
}

/** @type {Record<string, () => void>} */
const buttons = {
  "ex-undo": () => explorer.undo(),
  "ex-redo": () => explorer.redo(),
  "ex-in": () => canvas.steer(0, 0, 1.5),
  "ex-out": () => canvas.steer(0, 0, 1 / 1.5),
  "ex-fit": () => canvas.fit(),
  "ex-again": () => explorer.again(),
  "ex-start": () => explorer.begin(),
  "ex-reset": () => explorer.unfilter(),
  "ex-unfilter": () => explorer.unfilter(),
  "ex-stop": () => api.stop(),
  "ex-share": share,
  "ex-png": () => files.png(canvas),
  "ex-svg": () => files.svg(canvas),
  "ex-print": () => print(),
};
for (const [id, run] of Object.entries(buttons)) at(id).addEventListener("click", run);
for (const button of at("ex-data").querySelectorAll("button")) {
  button.addEventListener("click", () => {
    const { nodes, edges } = explorer.seen;
    if (nodes.size > api.MOST_EXPORTED) return tell(say("too_many_to_write", { n: counted(api.MOST_EXPORTED) }), true);
    if (nodes.size)
      api.exported(
        button.value,
        [...nodes],
        edges.map(({ id }) => id),
      );
  });
}

async function share() {
  const link = explorer.link();
  try {
    await navigator.clipboard.writeText(link);
    tell(say("copied"));
  } catch {
    const field = make("input", { value: link, readonly: true, "aria-label": say("link") });
    at("ex-said").replaceChildren(`${say("copy_by_hand")} `, field);
    field.select();
  }
}

// A request that takes its time is seen to, and can be stopped; one that does not is not.
let patience = 0;
api.busy((number) => {
  clearTimeout(patience);
  if (!number) at("ex-busy").hidden = true;
  else if (at("ex-busy").hidden) patience = setTimeout(() => (at("ex-busy").hidden = false), 400);
});

// Menus close when one goes elsewhere.
for (const menu of document.querySelectorAll("details.ex-menu")) {
  menu.addEventListener("focusout", (event) => {
    const to = /** @type {FocusEvent} */ (event).relatedTarget;
    if (to && !menu.contains(/** @type {Node} */ (to))) menu.removeAttribute("open");
  });
  menu.addEventListener("keydown", (event) => {
    if (/** @type {KeyboardEvent} */ (event).key !== "Escape") return;
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  });
}

// The switch of languages keeps the view.
for (const link of document.querySelectorAll("header.top a[hreflang]")) {
  link.addEventListener("click", () => {
    const other = page.lang === "en" ? "zh" : "en";
    const to = /** @type {HTMLAnchorElement} */ (link);
    to.href = `${to.href.split("#")[0]}#${encode(state, other)}`;
  });
}

addEventListener("hashchange", () => explorer.restore(location.hash));
const wanted = decode(location.hash).lang;
if (["zh", "en"].includes(wanted) && wanted !== page.lang) location.replace(`?lang=${wanted}${location.hash}`);
else
  explorer
    .restore(location.hash)
    .finally(() => requestAnimationFrame(() => (document.documentElement.dataset.explorer = "ready")));

/** For tests and for the console: what is shown, to read. */
Object.defineProperty(window, "wenmaiExplorer", {
  value: Object.freeze({
    graph: canvas.graph,
    state,
    positions: () => Object.fromEntries([...state.shown].map(([id, { x, y }]) => [id, [x, y]])),
    pointOf: (/** @type {string} */ id) => canvas.pointOf(id),
    camera: () => canvas.sigma.getCamera().getState(),
    link: () => explorer.link(),
  }),
});
