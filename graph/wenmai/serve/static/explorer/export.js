// Taking away the picture: as PNG, as it is seen, and as SVG, whole and for print.

import { along, control } from "./geometry.js";
import { drawn, plain, save } from "./dom.js";
import { groupOf } from "./page.js";
import { DASHES, FONT, MARK, shortened } from "./paint.js";
import { corners } from "./shapes.js";

/** @typedef {import("./canvas.js").Canvas} Canvas */

const PAPER = { ink: "#1c1b19", soft: "#5c5952" };
/** @type {Record<string, string>} */
const INK = { asserted: "#4d4d4d", planned: "#0072b2", reported: "#7a4fa3", denied: "#b34700", inferred: "#8a8a8a" };

/**
 * Saves what is on the canvas.
 * @param {Canvas} canvas
 */
export function png(canvas) {
  const { sigma } = canvas;
  const { width, height } = sigma.getDimensions();
  const ratio = Math.max(1, devicePixelRatio);
  const whole = document.createElement("canvas");
  [whole.width, whole.height] = [width * ratio, height * ratio];
  const context = /** @type {CanvasRenderingContext2D} */ (whole.getContext("2d"));
  context.fillStyle = canvas.theme.paper;
  context.fillRect(0, 0, whole.width, whole.height);
  sigma.refresh(); // what WebGL drew is there until the browser shows it
  const layers = sigma.getCanvases();
  for (const name of ["edges", "lines", "nodes", "names"])
    context.drawImage(layers[name], 0, 0, whole.width, whole.height);
  whole.toBlob((blob) => blob && save("wenmai.png", blob));
}

/**
 * Returns the whole picture as a drawing for print, in the colours of paper.
 * @param {Canvas} canvas
 */
export function drawing(canvas) {
  const { graph } = canvas;
  const spots = graph.nodes().map((id) => graph.getNodeAttributes(id));
  const xs = spots.map(({ x }) => x);
  const ys = spots.map(({ y }) => -y);
  const [left, top] = [Math.min(...xs, 0) - 120, Math.min(...ys, 0) - 60];
  const [width, height] = [Math.max(...xs, 0) + 120 - left, Math.max(...ys, 0) + 60 - top];
  const lines = canvas.drawing
    .lines(({ x, y }) => ({ x, y: -y }))
    .map((line) => lineOf({ ...line, end: graph.getNodeAttribute(graph.target(line.id), "size") }, spots.length < 150));
  const names = spots.map(({ label, x, y, size }) =>
    text(shortened(plain(label), 16), x, size + 13 - y, 13, PAPER.ink),
  );
  const xmlns = "http://www.w3.org/2000/svg";
  return drawn(
    "svg",
    { xmlns, viewBox: `${left} ${top} ${width} ${height}`, width, height, "font-family": FONT },
    ...lines,
    ...spots.map(spot),
    ...names,
  );
}

/** @param {any} node */
function spot({ x, y, size, class: cls }) {
  const group = groupOf(cls);
  const look = { fill: group.colour, stroke: group.border, "stroke-width": 1.5 };
  const points = corners(group.shape).map(([a, b]) => `${(x + size * a).toFixed(1)},${(size * b - y).toFixed(1)}`);
  return points.length
    ? drawn("polygon", { points: points.join(" "), ...look })
    : drawn("circle", { cx: x.toFixed(1), cy: (-y).toFixed(1), r: size, ...look });
}

/**
 * @param {import("./paint.js").Line} line
 * @param {boolean} named
 */
function lineOf({ from, to, bow, kind, label, size, end, arrow }, named) {
  const middle = control(from, to, bow);
  const reach = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const tip = along(from, middle, to, Math.max(0.5, 1 - (end + 1) / reach));
  const n = (/** @type {number} */ value) => value.toFixed(1);
  const path = `M${n(from.x)} ${n(from.y)}Q${n(middle.x)} ${n(middle.y)} ${n(tip.x)} ${n(tip.y)}`;
  const group = drawn(
    "g",
    { fill: "none", stroke: INK[kind] },
    drawn("path", { d: path, "stroke-width": size, "stroke-dasharray": (DASHES[kind] || []).join(" ") }),
  );
  if (arrow) {
    const angle = Math.atan2(tip.y - middle.y, tip.x - middle.x);
    const wing = (/** @type {number} */ turn) =>
      `${n(tip.x + 7 * Math.cos(angle + turn))} ${n(tip.y + 7 * Math.sin(angle + turn))}`;
    group.append(
      drawn("path", { d: `M${n(tip.x)} ${n(tip.y)}L${wing(2.7)}L${wing(-2.7)}Z`, fill: INK[kind], stroke: "none" }),
    );
  }
  const at = along(from, middle, to, 0.5);
  if (kind === "denied")
    group.append(drawn("path", { d: `M${n(at.x - 5)} ${n(at.y - 5)}l10 10m-10 0l10 -10`, "stroke-width": 2 }));
  if (named) group.append(text((MARK[kind] || "") + plain(label), at.x, at.y + 4, 11, PAPER.soft));
  return group;
}

/**
 * @param {string} words
 * @param {number} x
 * @param {number} y
 * @param {number} size
 * @param {string} colour
 */
function text(words, x, y, size, colour) {
  const halo = { stroke: "#fff", "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke" };
  return drawn(
    "text",
    { x: x.toFixed(1), y: y.toFixed(1), "font-size": size, "text-anchor": "middle", fill: colour, ...halo },
    words,
  );
}

/** @param {Canvas} canvas */
export function svg(canvas) {
  const written = new XMLSerializer().serializeToString(drawing(canvas));
  save("wenmai.svg", new Blob([`<?xml version="1.0" encoding="UTF-8"?>\n${written}\n`], { type: "image/svg+xml" }));
}
