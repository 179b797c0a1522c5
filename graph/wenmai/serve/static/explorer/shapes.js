// Sigma programs that draw a node in the shape of its class, with a border: signed distances in a shader, after Inigo
// Quilez, "2D distance functions" (https://iquilezles.org/articles/distfunctions2d/). And the same shapes as SVG. Each
// shape has a program of its own: where software draws, a shader that chooses takes the time of all that it could.

import { NodeProgram, floatColor } from "../vendor/graph.js";

const VERTEX = `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec4 a_border;
attribute vec2 a_position;
attribute float a_size;
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec4 v_border;
varying vec2 v_at;
varying float v_pixels;
const float bias = 255.0 / 254.0;
void main() {
  float radius = 2.0 * a_size * u_correctionRatio / u_sizeRatio;
  vec2 corner = 2.45 * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + radius * corner, 1)).xy, 0, 1);
  v_at = corner;
  v_pixels = radius / (2.0 * u_correctionRatio);
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_border = a_border;
  v_color.a *= bias;
  v_border.a *= bias;
}`;

/** How far a point `p` is outside of a shape of radius 1, y upwards; `q` is the point without its signs. */
const OUTSIDE = /** @type {Record<string, string>} */ ({
  dot: "length(p) - 1.0",
  square: "max(q.x, q.y) - 0.86",
  hexagon: "max(q.x * 0.866 + q.y * 0.5, q.y) - 0.9",
  triangleDown: "max(q.x * 0.866 - (p.y + 0.15) * 0.5, p.y + 0.15) - 0.6",
  triangle: "max(q.x * 0.866 + (p.y - 0.15) * 0.5, 0.15 - p.y) - 0.6",
  diamond: "(q.x + q.y - 1.12) * 0.7071",
  star: "star(vec2(q.x, p.y))",
});

const STAR = `
float star(vec2 p) {
  p -= 2.0 * max(dot(vec2(0.809, -0.5878), p), 0.0) * vec2(0.809, -0.5878);
  p -= 2.0 * max(dot(vec2(-0.809, -0.5878), p), 0.0) * vec2(-0.809, -0.5878);
  return dot(vec2(abs(p.x), p.y) - vec2(0.0, 1.2), vec2(0.8967, 0.4426));
}`;

/** @param {string} shape */
function fragment(shape) {
  return `
precision mediump float;
varying vec4 v_color;
varying vec4 v_border;
varying vec2 v_at;
varying float v_pixels;
${shape === "star" ? STAR : ""}
void main() {
  vec2 p = v_at;
  vec2 q = abs(p);
  float inside = -(${OUTSIDE[shape]}) * v_pixels;
  #ifdef PICKING_MODE
  gl_FragColor = inside < 0.0 ? vec4(0.0) : v_color;
  #else
  gl_FragColor = mix(v_border, v_color, clamp(inside - 1.6, 0.0, 1.0)) * clamp(inside + 0.5, 0.0, 1.0);
  #endif
}`;
}

const TURN = (2 * Math.PI) / 3;

/**
 * Returns the program that draws a shape.
 * @param {string} shape
 */
function program(shape) {
  return class extends NodeProgram {
    getDefinition() {
      const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
      return {
        VERTICES: 3,
        VERTEX_SHADER_SOURCE: VERTEX,
        FRAGMENT_SHADER_SOURCE: fragment(shape),
        METHOD: TRIANGLES,
        UNIFORMS: ["u_sizeRatio", "u_correctionRatio", "u_matrix"],
        ATTRIBUTES: [
          { name: "a_position", size: 2, type: FLOAT },
          { name: "a_size", size: 1, type: FLOAT },
          { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: "a_border", size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
          { name: "a_angle", size: 1, type: FLOAT },
        ],
      };
    }

    /**
     * @param {number} index
     * @param {number} at
     * @param {any} data
     */
    processVisibleItem(index, at, data) {
      const { x, y, size } = data;
      const [colour, border] = [floatColor(data.color), floatColor(data.border)];
      // all three corners, and no constant data, which would make instances of it: software draws those one by one
      for (let corner = 0; corner < 3; corner += 1) {
        this.array.set([x, y, size, colour, border, index, corner * TURN], at + 7 * corner);
      }
    }

    /**
     * @param {any} params
     * @param {any} info
     */
    setUniforms(params, { gl, uniformLocations }) {
      gl.uniform1f(uniformLocations.u_sizeRatio, params.sizeRatio);
      gl.uniform1f(uniformLocations.u_correctionRatio, params.correctionRatio);
      gl.uniformMatrix3fv(uniformLocations.u_matrix, false, params.matrix);
    }
  };
}

/** The programs by the names of shapes, those of `view/style.py`. */
export const PROGRAMS = Object.fromEntries(Object.keys(OUTSIDE).map((shape) => [shape, program(shape)]));

/**
 * Returns the corners of a shape of radius 1 around the origin, y downwards; none for a circle.
 * @param {string} shape
 * @returns {[number, number][]}
 */
export function corners(shape) {
  const ring = (/** @type {number} */ number, /** @type {number} */ turn, radius = 1.05) =>
    Array.from({ length: number }, (_, at) => {
      const angle = turn + (2 * Math.PI * at) / number;
      return /** @type {[number, number]} */ ([radius * Math.sin(angle), -radius * Math.cos(angle)]);
    });
  if (shape === "square") return ring(4, Math.PI / 4, 1.2);
  if (shape === "hexagon") return ring(6, Math.PI / 6, 1.04);
  if (shape === "triangle") return ring(3, 0, 1.2).map(([x, y]) => [x, y - 0.15 + 0.3]);
  if (shape === "triangleDown") return ring(3, Math.PI, 1.2).map(([x, y]) => [x, y + 0.15 - 0.3]);
  if (shape === "diamond") return ring(4, 0, 1.12);
  if (shape === "star") return ring(5, 0, 1.2).flatMap((point, at) => [point, ring(5, Math.PI / 5, 0.6)[at]]);
  return [];
}
