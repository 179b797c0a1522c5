// Where lines run on the screen. Parallel lines are bows; the middle of their control points is as sigma has it.

/** @typedef {{x: number, y: number}} Point */

/**
 * @param {Point} from
 * @param {Point} to
 * @param {number} bow how far the control point stands off, in lengths of the line
 * @returns {Point}
 */
export function control(from, to, bow) {
  return { x: (from.x + to.x) / 2 + (to.y - from.y) * bow, y: (from.y + to.y) / 2 - (to.x - from.x) * bow };
}

/**
 * @param {Point} from
 * @param {Point} middle
 * @param {Point} to
 * @param {number} part from 0 to 1
 * @returns {Point}
 */
export function along(from, middle, to, part) {
  const [a, b, c] = [(1 - part) ** 2, 2 * part * (1 - part), part ** 2];
  return { x: a * from.x + b * middle.x + c * to.x, y: a * from.y + b * middle.y + c * to.y };
}

/**
 * Returns how far a point is from a line.
 * @param {Point} point
 * @param {Point} from
 * @param {Point} to
 * @param {number} bow
 */
export function distance(point, from, to, bow) {
  const middle = control(from, to, bow);
  const [left, right] = [Math.min(from.x, to.x, middle.x), Math.max(from.x, to.x, middle.x)];
  const [top, bottom] = [Math.min(from.y, to.y, middle.y), Math.max(from.y, to.y, middle.y)];
  if (point.x < left - 20 || point.x > right + 20 || point.y < top - 20 || point.y > bottom + 20) return Infinity;
  const steps = bow ? 16 : 1;
  let best = Infinity;
  let before = from;
  for (let step = 1; step <= steps; step += 1) {
    const next = along(from, middle, to, step / steps);
    best = Math.min(best, toSegment(point, before, next));
    before = next;
  }
  return best;
}

/**
 * @param {Point} point
 * @param {Point} from
 * @param {Point} to
 */
function toSegment(point, from, to) {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const part = Math.max(0, Math.min(1, ((point.x - from.x) * dx + (point.y - from.y) * dy) / (dx * dx + dy * dy || 1)));
  return Math.hypot(point.x - from.x - part * dx, point.y - from.y - part * dy);
}

/**
 * Returns the bow of each line, by id: lines between the same two ends part, a single one is straight.
 * @param {{id: string, source: string, target: string}[]} edges
 * @returns {Map<string, number>}
 */
export function bows(edges) {
  /** @type {Map<string, string[]>} */
  const pairs = new Map();
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const { id, source, target } of edges) {
    const key = source < target ? `${source} ${target}` : `${target} ${source}`;
    const some = pairs.get(key);
    if (some) some.push(id);
    else pairs.set(key, [id]);
  }
  for (const { id, source, target } of edges) {
    const some = /** @type {string[]} */ (pairs.get(source < target ? `${source} ${target}` : `${target} ${source}`));
    const bow = (some.sort().indexOf(id) - (some.length - 1) / 2) * Math.min(0.24, 0.9 / some.length);
    found.set(id, source < target ? bow : -bow);
  }
  return found;
}

/** Rectangles that are taken; what would overlap one is not drawn. */
export class Room {
  constructor() {
    /** @type {[number, number, number, number][]} */
    this.taken = [];
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  free(x, y, width, height) {
    return this.taken.every(([a, b, c, d]) => x + width < a || x > c || y + height < b || y > d);
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} width
   * @param {number} height
   */
  take(x, y, width, height) {
    this.taken.push([x, y, x + width, y + height]);
  }
}
