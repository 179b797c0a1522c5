// A sigma program that draws each node in the shape of its class, with a border: signed distances in one shader, after
// Inigo Quilez, "2D distance functions" (https://iquilezles.org/articles/distfunctions2d/). And the same shapes as SVG.

import { NodeProgram, floatColor } from "../vendor/graph.js";

const ORDER = ["dot", "square", "hexagon", "triangleDown", "triangle", "diamond", "star"];

const VERTEX = `
attribute vec4 a_id;
attribute vec4 a_color;
attribute vec4 a_border;
attribute vec2 a_position;
attribute float a_size;
attribute float a_shape;
attribute float a_angle;
uniform mat3 u_matrix;
uniform float u_sizeRatio;
uniform float u_correctionRatio;
varying vec4 v_color;
varying vec4 v_border;
varying vec2 v_at;
varying float v_pixel;
varying float v_shape;
const float bias = 255.0 / 254.0;
void main() {
  float radius = 2.0 * a_size * u_correctionRatio / u_sizeRatio;
  vec2 corner = 2.0 * vec2(cos(a_angle), sin(a_angle));
  gl_Position = vec4((u_matrix * vec3(a_position + radius * corner, 1)).xy, 0, 1);
  v_at = corner;
  v_pixel = 2.0 * u_correctionRatio / radius;
  v_shape = a_shape;
  #ifdef PICKING_MODE
  v_color = a_id;
  #else
  v_color = a_color;
  #endif
  v_border = a_border;
  v_color.a *= bias;
  v_border.a *= bias;
}`;

const FRAGMENT = `
precision highp float;
varying vec4 v_color;
varying vec4 v_border;
varying vec2 v_at;
varying float v_pixel;
varying float v_shape;
const vec4 nothing = vec4(0.0);
float outside(vec2 p, float shape) {
  vec2 q = abs(p);
  if (shape < 0.5) return length(p) - 1.0;
  if (shape < 1.5) return max(q.x, q.y) - 0.86;
  if (shape < 2.5) return max(q.x * 0.866 + q.y * 0.5, q.y) - 0.9;
  if (shape < 3.5) return max(q.x * 0.866 - (p.y + 0.15) * 0.5, p.y + 0.15) - 0.6;
  if (shape < 4.5) return max(q.x * 0.866 + (p.y - 0.15) * 0.5, 0.15 - p.y) - 0.6;
  if (shape < 5.5) return (q.x + q.y - 1.12) * 0.7071;
  float turn = mod(atan(p.x, p.y) + 0.628319, 1.256637) - 0.628319;
  vec2 s = length(p) * vec2(sin(abs(turn)), cos(turn));
  return dot(s - vec2(0.0, 1.2), vec2(0.8967, 0.4426));
}
void main() {
  float far = outside(v_at, v_shape);
  #ifdef PICKING_MODE
  gl_FragColor = far > 0.0 ? nothing : v_color;
  #else
  vec4 inner = mix(v_border, v_color, smoothstep(0.0, v_pixel, -far - 1.6 * v_pixel));
  gl_FragColor = mix(inner, nothing, smoothstep(-v_pixel, 0.0, far));
  #endif
}`;

const TURN = (2 * Math.PI) / 3;

export class NodeShapeProgram extends NodeProgram {
  getDefinition() {
    const { FLOAT, UNSIGNED_BYTE, TRIANGLES } = WebGLRenderingContext;
    return {
      VERTICES: 3,
      VERTEX_SHADER_SOURCE: VERTEX,
      FRAGMENT_SHADER_SOURCE: FRAGMENT,
      METHOD: TRIANGLES,
      UNIFORMS: ["u_sizeRatio", "u_correctionRatio", "u_matrix"],
      ATTRIBUTES: [
        { name: "a_position", size: 2, type: FLOAT },
        { name: "a_size", size: 1, type: FLOAT },
        { name: "a_shape", size: 1, type: FLOAT },
        { name: "a_color", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_border", size: 4, type: UNSIGNED_BYTE, normalized: true },
        { name: "a_id", size: 4, type: UNSIGNED_BYTE, normalized: true },
      ],
      CONSTANT_ATTRIBUTES: [{ name: "a_angle", size: 1, type: FLOAT }],
      CONSTANT_DATA: [[0], [TURN], [2 * TURN]],
    };
  }

  /**
   * @param {number} index
   * @param {number} at
   * @param {any} data
   */
  processVisibleItem(index, at, data) {
    const values = [
      data.x,
      data.y,
      data.size,
      ORDER.indexOf(data.shape),
      floatColor(data.color),
      floatColor(data.border),
      index,
    ];
    this.array.set(values, at);
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
}

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
