// The picture: sigma draws nodes, and lines where there are many; `paint.js` the rest. It shows what it is given and
// tells what the reader does to it; it changes no state.

import { EdgeCurveProgram, EdgeLineProgram, MultiDirectedGraph, Sigma } from "../vendor/graph.js";
import { kindOf } from "./facts.js";
import { Drawing, sizeOf, theme } from "./drawing.js";
import { bows, distance } from "./geometry.js";
import { dark, groupOf } from "./page.js";
import { WIDTH } from "./paint.js";
import { PROGRAMS } from "./shapes.js";

/**
 * @typedef {import("./state.js").State} State
 * @typedef {import("./facts.js").Facts} Facts
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {{choose: (kind: "node" | "edge" | "", id: string) => void, expand: (id: string) => void,
 *   dragged: (id: string, to: Point, first: boolean) => void, looked: (view: import("./state.js").View) => void}} Told
 */

const SIDE = 500;
/** Up to so many lines are drawn with dashes and arrows; sigma draws more, as plain lines in their colours. */
const PAINTED = 800;
/** More lines than this are left out while the picture moves. */
const MOVING = 5000;
/** Up to so many nodes the rest fades when one is pointed at. */
const FADING = 2000;
const NEAR = 9;

export class Canvas {
  /**
   * @param {HTMLElement} container
   * @param {State} state
   * @param {Facts} facts
   * @param {Told} told
   */
  constructor(container, state, facts, told) {
    this.state = state;
    this.facts = facts;
    this.told = told;
    this.container = container;
    this.graph = new MultiDirectedGraph();
    this.hovered = "";
    this.hoveredEdge = "";
    /** @type {Set<string> | null} what stays bright while the rest fades */
    this.bright = null;
    /** @type {Map<string, number>} */
    this.bows = new Map();
    /** @type {string[]} the most connected first */
    this.order = [];
    this.painted = true;
    this.theme = theme(container);
    this.drawing = new Drawing(this);
    this.sigma = this.#make();
    this.#listen();
    dark.addEventListener("change", () => {
      this.theme = theme(container);
      this.restyle();
    });
  }

  #make() {
    const sigma = new Sigma(this.graph, this.container, {
      allowInvalidContainer: true,
      renderLabels: false,
      enableEdgeEvents: false,
      enableCameraRotation: false,
      zIndex: true,
      minCameraRatio: 0.02,
      maxCameraRatio: 40,
      stagePadding: 0,
      defaultNodeType: "dot",
      defaultEdgeType: "line",
      nodeProgramClasses: PROGRAMS,
      edgeProgramClasses: { line: EdgeLineProgram, bow: EdgeCurveProgram },
      defaultDrawNodeHover: () => {},
      nodeReducer: (/** @type {string} */ id, /** @type {any} */ data) => this.#node(id, data),
      edgeReducer: (/** @type {string} */ id, /** @type {any} */ data) => this.#edge(id, data),
    });
    sigma.setCustomBBox({ x: [-SIDE, SIDE], y: [-SIDE, SIDE] });
    sigma.createCanvasContext("lines", { beforeLayer: "nodes" });
    sigma.createCanvasContext("names", { beforeLayer: "mouse" });
    sigma.resize(true);
    sigma.on("afterRender", () => this.drawing.paint());
    for (const canvas of Object.values(sigma.getCanvases())) canvas.setAttribute("aria-hidden", "true");
    return sigma;
  }

  /**
   * @param {string} id
   * @param {any} data
   */
  #node(id, data) {
    const group = groupOf(data.class);
    const faded = this.bright && !this.bright.has(id);
    return {
      ...data,
      label: null,
      type: group.shape,
      color: faded ? this.theme.faded : group.colour,
      border: faded ? this.theme.paper : dark.matches ? this.theme.ink : group.border,
      zIndex: faded ? 0 : 1,
    };
  }

  /**
   * @param {string} id
   * @param {any} data
   */
  #edge(id, data) {
    const faded = this.bright && !(this.bright.has(data.from) && this.bright.has(data.to));
    return {
      ...data,
      hidden: this.painted,
      color: faded ? this.theme.faded : this.theme.lines[data.kind],
      size: WIDTH[data.kind] || 1.4,
      zIndex: faded ? 0 : 1,
    };
  }

  #listen() {
    const { sigma } = this;
    let dragging = "";
    let moved = false;
    sigma.on("clickNode", ({ node }) => this.told.choose("node", node));
    sigma.on("doubleClickNode", (event) => {
      event.preventSigmaDefault();
      this.told.expand(event.node);
    });
    sigma.on("clickStage", ({ event }) => {
      const edge = this.edgeAt(event);
      this.told.choose(edge ? "edge" : "", edge);
    });
    sigma.on("enterNode", ({ node }) => this.hover(node));
    sigma.on("leaveNode", () => this.hover(""));
    sigma.on("downNode", ({ node }) => ([dragging, moved] = [node, false]));
    sigma.on("moveBody", ({ event, preventSigmaDefault }) => {
      if (!dragging) return this.#hoverEdge(event);
      this.told.dragged(dragging, sigma.viewportToGraph(event), !moved);
      moved = true;
      preventSigmaDefault();
      event.original?.preventDefault?.();
    });
    for (const end of ["mouseup", "touchend", "touchcancel"]) addEventListener(end, () => (dragging = ""));
    sigma.getCamera().on("updated", ({ x, y, ratio }) => this.told.looked({ x, y, ratio }));
    new ResizeObserver(() => sigma.resize().scheduleRender()).observe(this.container);
  }

  /** @param {Point} point */
  #hoverEdge(point) {
    if (this.graph.size > PAINTED) return;
    const found = this.hovered ? "" : this.edgeAt(point);
    this.container.classList.toggle("pointing", Boolean(found || this.hovered));
    if (found === this.hoveredEdge) return;
    this.hoveredEdge = found;
    this.sigma.scheduleRender();
  }

  /** @param {string} id */
  hover(id) {
    this.hovered = id;
    this.container.classList.toggle("pointing", Boolean(id));
    this.restyle();
  }

  /** Draws again after a change of what is chosen, pointed at or of colours. */
  restyle() {
    const { selection } = this.state;
    const at = this.hovered || (selection?.kind === "node" && this.graph.hasNode(selection.id) ? selection.id : "");
    const few = this.graph.order <= FADING;
    this.bright = at && few && this.graph.hasNode(at) ? new Set([at, ...this.graph.neighbors(at)]) : null;
    if (selection?.kind === "edge" && !this.hovered && few && this.graph.hasEdge(selection.id)) {
      this.bright = new Set([this.graph.source(selection.id), this.graph.target(selection.id)]);
    }
    this.sigma.refresh({ skipIndexation: true, schedule: true });
  }

  /**
   * Shows things and lines, and nothing else.
   * @param {Set<string>} nodes
   * @param {import("./api.js").Edge[]} edges
   */
  show(nodes, edges) {
    const { graph } = this;
    const wanted = new Set(edges.map((edge) => edge.id));
    for (const id of graph.edges()) if (!wanted.has(id)) graph.dropEdge(id);
    for (const id of graph.nodes()) if (!nodes.has(id)) graph.dropNode(id);
    for (const id of nodes) {
      const thing = this.facts.nodes.get(id);
      const { x, y } = /** @type {Point} */ (this.state.shown.get(id));
      const attributes = { x, y, size: sizeOf(thing), class: thing?.class || "", label: thing?.label || id };
      if (graph.hasNode(id)) graph.mergeNodeAttributes(id, attributes);
      else graph.addNode(id, attributes);
    }
    this.bows = bows(edges);
    for (const edge of edges) {
      const bow = this.bows.get(edge.id) || 0;
      const attributes = {
        label: edge.label,
        kind: kindOf(edge),
        from: edge.source,
        to: edge.target,
        arrow: !edge.symmetric,
      };
      // sigma's y goes up, ours down the screen; both take the bow to the same side of the line as it is seen
      const drawn = { type: bow ? "bow" : "line", curvature: bow };
      if (graph.hasEdge(edge.id)) graph.mergeEdgeAttributes(edge.id, { ...attributes, ...drawn });
      else graph.addEdgeWithKey(edge.id, edge.source, edge.target, { ...attributes, ...drawn });
    }
    this.painted = edges.length <= PAINTED;
    this.sigma.setSetting("hideEdgesOnMove", edges.length > MOVING);
    this.order = [...nodes].sort((a, b) => graph.getNodeAttribute(b, "size") - graph.getNodeAttribute(a, "size"));
    if (this.hovered && !graph.hasNode(this.hovered)) this.hovered = "";
    this.restyle();
  }

  /** Takes the places of things from the state. */
  move() {
    this.graph.updateEachNodeAttributes(
      (id, attributes) => {
        const placed = this.state.shown.get(id);
        return placed ? Object.assign(attributes, { x: placed.x, y: placed.y }) : attributes;
      },
      { attributes: ["x", "y"] },
    );
  }

  /** Returns how points of the picture come to be points of the screen. */
  screen() {
    const [zero, one] = [this.sigma.graphToViewport({ x: 0, y: 0 }), this.sigma.graphToViewport({ x: SIDE, y: SIDE })];
    const [a, b] = [(one.x - zero.x) / SIDE, (one.y - zero.y) / SIDE];
    return (/** @type {Point} */ { x, y }) => ({ x: zero.x + a * x, y: zero.y + b * y });
  }

  /**
   * Returns where a node is on the page.
   * @param {string} id
   */
  pointOf(id) {
    const { left, top } = this.container.getBoundingClientRect();
    const { x, y } = this.sigma.graphToViewport(
      this.graph.getNodeAttributes(id).x === undefined
        ? { x: 0, y: 0 }
        : /** @type {any} */ (this.graph.getNodeAttributes(id)),
    );
    return { x: left + x, y: top + y };
  }

  /**
   * Returns the line nearest to a point of the canvas, or nothing.
   * @param {Point} point
   */
  edgeAt(point) {
    const screen = this.screen();
    let [best, found] = [NEAR, ""];
    this.graph.forEachEdge((id, _, source, target, from, to) => {
      const far = distance(
        point,
        screen(/** @type {any} */ (from)),
        screen(/** @type {any} */ (to)),
        this.bows.get(id) || 0,
      );
      if (far < best) [best, found] = [far, id];
    });
    return found;
  }

  /**
   * Brings all, or some, into view.
   * @param {Iterable<string>} [ids]
   * @param {boolean} [slowly]
   */
  fit(ids = this.graph.nodes(), slowly = true) {
    const points = [...ids].filter((id) => this.graph.hasNode(id)).map((id) => this.graph.getNodeAttributes(id));
    if (!points.length) return;
    const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)];
    const [left, right, bottom, top] = [least(xs), most(xs), least(ys), most(ys)];
    const { width, height } = this.sigma.getDimensions();
    const one = this.sigma.graphToViewport({ x: left, y: top });
    const other = this.sigma.graphToViewport({ x: right, y: bottom });
    const grown = Math.max(
      (other.x - one.x) / Math.max(80, width - 150),
      (other.y - one.y) / Math.max(80, height - 110),
    );
    const { ratio } = this.sigma.getCamera().getState();
    const middle = this.sigma.viewportToFramedGraph({ x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 });
    this.look({ x: middle.x, y: middle.y, ratio: Math.max(0.25, ratio * grown) }, slowly);
  }

  /**
   * @param {import("./state.js").View} view
   * @param {boolean} slowly
   */
  look(view, slowly) {
    const camera = this.sigma.getCamera();
    if (slowly && !matchMedia("(prefers-reduced-motion: reduce)").matches) camera.animate(view, { duration: 250 });
    else camera.setState(view);
  }

  /**
   * Moves the picture by parts of what is seen, or makes it larger by a factor.
   * @param {number} x
   * @param {number} y
   * @param {number} factor
   */
  steer(x, y, factor) {
    const state = this.sigma.getCamera().getState();
    this.look({ x: state.x + x * state.ratio, y: state.y + y * state.ratio, ratio: state.ratio / factor }, true);
  }
}

/** @param {number[]} values */
function least(values) {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}

/** @param {number[]} values */
function most(values) {
  return values.reduce((a, b) => Math.max(a, b), -Infinity);
}
