// What sigma does not draw, on canvases between and above its own: dashed lines, words on lines, rings and badges.

import { Room, along, control } from "./geometry.js";
import { counted } from "./page.js";
import { plain } from "./dom.js";

/**
 * @typedef {import("./geometry.js").Point} Point
 * @typedef {{id: string, from: Point, to: Point, bow: number, kind: string, label: string, size: number,
 *   end: number, faded: boolean, lit: boolean, named: boolean, arrow: boolean}} Line
 * @typedef {{paper: string, ink: string, soft: string, accent: string, faded: string, lines: Record<string, string>}} Theme
 */

/** Lengths of stroke and gap, as `view/style.py` has them. */
export const DASHES = /** @type {Record<string, number[]>} */ ({
  planned: [9, 6],
  reported: [10, 4, 2, 4],
  denied: [2, 5],
  inferred: [14, 4, 2, 4],
});
export const WIDTH = /** @type {Record<string, number>} */ ({ denied: 2.2, inferred: 1.2 });
export const MARK = /** @type {Record<string, string>} */ ({ denied: "× ", reported: "? " });
export const FONT =
  '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", "WenQuanYi Micro Hei", system-ui, sans-serif';

/**
 * Draws one line, with its arrow.
 * @param {CanvasRenderingContext2D} context
 * @param {Line} line
 * @param {Theme} theme
 */
export function stroke(context, line, theme) {
  const middle = control(line.from, line.to, line.bow);
  const reach = Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y) || 1;
  const tip = along(line.from, middle, line.to, Math.max(0.5, 1 - (line.end + 1) / reach));
  if (line.lit) {
    context.setLineDash([]);
    context.strokeStyle = theme.accent;
    context.globalAlpha = 0.35;
    context.lineWidth = line.size + 7;
    curve(context, line.from, middle, tip);
    context.globalAlpha = 1;
  }
  context.strokeStyle = line.faded ? theme.faded : theme.lines[line.kind];
  context.fillStyle = context.strokeStyle;
  context.lineWidth = line.size;
  context.setLineDash(DASHES[line.kind] || []);
  curve(context, line.from, middle, tip);
  context.setLineDash([]);
  if (line.arrow) head(context, middle, tip, 4 + 2.2 * line.size);
  if (line.kind === "denied") cross(context, along(line.from, middle, line.to, 0.5));
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point} from
 * @param {Point} middle
 * @param {Point} to
 */
function curve(context, from, middle, to) {
  context.beginPath();
  context.moveTo(from.x, from.y);
  context.quadraticCurveTo(middle.x, middle.y, to.x, to.y);
  context.stroke();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point} from
 * @param {Point} tip
 * @param {number} size
 */
function head(context, from, tip, size) {
  const angle = Math.atan2(tip.y - from.y, tip.x - from.x);
  context.beginPath();
  context.moveTo(tip.x, tip.y);
  for (const turn of [2.7, -2.7])
    context.lineTo(tip.x + size * Math.cos(angle + turn), tip.y + size * Math.sin(angle + turn));
  context.fill();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Point} at
 */
function cross(context, at) {
  context.lineWidth = 2;
  context.beginPath();
  for (const turn of [-1, 1]) {
    context.moveTo(at.x - 5, at.y - 5 * turn);
    context.lineTo(at.x + 5, at.y + 5 * turn);
  }
  context.stroke();
}

/**
 * Writes a line's words at its middle, upright, where there is room or it has to be.
 * @param {CanvasRenderingContext2D} context
 * @param {Line} line
 * @param {Theme} theme
 * @param {Room} room
 */
export function word(context, line, theme, room) {
  const text = (MARK[line.kind] || "") + plain(line.label);
  context.font = `12px ${FONT}`;
  const width = context.measureText(text).width + 6;
  if (!line.lit && Math.hypot(line.to.x - line.from.x, line.to.y - line.from.y) < width + 2 * line.end) return;
  const middle = control(line.from, line.to, line.bow);
  for (const part of [0.5, 0.4, 0.6, 0.3, 0.7]) {
    const { x, y } = along(line.from, middle, line.to, part);
    if (!room.free(x - width / 2, y - 9, width, 18)) continue;
    room.take(x - width / 2, y - 9, width, 18);
    return put(context, text, x, y, line.faded ? theme.soft : theme.ink, theme.paper);
  }
  if (!line.lit) return;
  const { x, y } = along(line.from, middle, line.to, 0.5);
  const beside = [0, -26, 26, -44, 44, -62, 62].find((down) => room.free(x - width / 2, y + down - 9, width, 18));
  put(context, text, x, y + (beside || 0), theme.ink, theme.paper);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {number} x
 * @param {number} y
 * @param {string} ink
 * @param {string} paper
 */
function put(context, text, x, y, ink, paper) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 4;
  context.lineJoin = "round";
  context.strokeStyle = paper;
  context.strokeText(text, x, y);
  context.fillStyle = ink;
  context.fillText(text, x, y);
}

/**
 * Writes a node's name below it, or where else there is room, with the paper's colour around the strokes.
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number, size: number, label: string, strong: boolean, faded: boolean}} node
 * @param {Theme} theme
 * @param {Room} room
 * @param {number} edge the width of the canvas
 */
export function name(context, node, theme, room, edge) {
  const text = shortened(plain(node.label), node.strong ? 40 : 16);
  context.font = `${node.strong ? "bold " : ""}13px ${FONT}`;
  const half = context.measureText(text).width / 2 + 2;
  const across = (/** @type {number} */ x) => Math.max(half + 1, Math.min(edge - half - 1, x));
  const [away, over] = [node.size + 4 + half, node.size + 10];
  const spots = [
    [across(node.x), node.y + over],
    [across(node.x), node.y - over],
    [node.x + away, node.y],
    [node.x - away, node.y],
  ].filter(([x]) => x - half >= 0 && x + half <= edge);
  const spot = spots.find(([x, y]) => room.free(x - half, y - 9, 2 * half, 18)) || (node.strong ? spots[0] : null);
  if (!spot) return;
  room.take(spot[0] - half, spot[1] - 9, 2 * half, 18);
  put(context, text, spot[0], spot[1], node.faded ? theme.soft : theme.ink, theme.paper);
}

/**
 * @param {string} text
 * @param {number} most
 */
export function shortened(text, most) {
  const all = Array.from(text);
  const wide = all.map((each) => (each.charCodeAt(0) > 0x2000 ? 1 : 0.55));
  let sum = 0;
  const end = wide.findIndex((each) => (sum += each) > most);
  return end < 0 ? text : `${all.slice(0, Math.max(1, end - 1)).join("")}…`;
}

/**
 * Draws what marks a node: the ring of the keyboard or of the choice, the pin, how many neighbours are not shown.
 * @param {CanvasRenderingContext2D} context
 * @param {{x: number, y: number, size: number, chosen: boolean, focused: boolean, pinned: boolean, more: number}} node
 * @param {Theme} theme
 */
export function mark(context, node, theme) {
  if (node.chosen || node.focused) {
    context.lineWidth = 3;
    context.strokeStyle = node.chosen ? theme.accent : theme.ink;
    context.setLineDash(node.chosen ? [] : [5, 3]);
    context.beginPath();
    context.arc(node.x, node.y, node.size + 5, 0, 2 * Math.PI);
    context.stroke();
    context.setLineDash([]);
  }
  if (node.pinned) {
    context.fillStyle = theme.ink;
    context.strokeStyle = theme.paper;
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(node.x, node.y, 3, 0, 2 * Math.PI);
    context.fill();
    context.stroke();
  }
  if (node.more > 0) {
    context.font = `11px ${FONT}`;
    put(context, `+${counted(node.more)}`, node.x + node.size + 12, node.y - node.size - 2, theme.soft, theme.paper);
  }
}
