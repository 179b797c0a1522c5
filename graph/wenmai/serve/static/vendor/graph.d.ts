// The types of what we use of graph.js, checked against sigma 3 and graphology 0.26 by hand: their own declarations
// are spread over twelve packages that are not in this repository.

export type Attributes = Record<string, any>;

export class MultiDirectedGraph {
  readonly order: number;
  readonly size: number;
  addNode(node: string, attributes?: Attributes): string;
  addEdgeWithKey(edge: string, source: string, target: string, attributes?: Attributes): string;
  dropNode(node: string): void;
  dropEdge(edge: string): void;
  clear(): void;
  hasNode(node: string): boolean;
  hasEdge(edge: string): boolean;
  nodes(): string[];
  edges(): string[];
  edges(node: string): string[];
  edges(source: string, target: string): string[];
  neighbors(node: string): string[];
  degree(node: string): number;
  source(edge: string): string;
  target(edge: string): string;
  opposite(node: string, edge: string): string;
  getNodeAttributes(node: string): Attributes;
  getNodeAttribute(node: string, name: string): any;
  setNodeAttribute(node: string, name: string, value: unknown): void;
  mergeNodeAttributes(node: string, attributes: Attributes): void;
  getEdgeAttributes(edge: string): Attributes;
  getEdgeAttribute(edge: string, name: string): any;
  setEdgeAttribute(edge: string, name: string, value: unknown): void;
  mergeEdgeAttributes(edge: string, attributes: Attributes): void;
  forEachNode(call: (node: string, attributes: Attributes) => void): void;
  forEachEdge(
    call: (edge: string, attributes: Attributes, source: string, target: string, from: Attributes, to: Attributes) => void,
  ): void;
  updateEachNodeAttributes(call: (node: string, attributes: Attributes) => Attributes, hints?: { attributes: string[] }): void;
}

export interface CameraState {
  x: number;
  y: number;
  angle: number;
  ratio: number;
}

export interface Camera {
  getState(): CameraState;
  setState(state: Partial<CameraState>): void;
  animate(state: Partial<CameraState>, options?: { duration?: number }): Promise<void>;
  animatedZoom(options?: { duration?: number; factor?: number }): Promise<void>;
  animatedUnzoom(options?: { duration?: number; factor?: number }): Promise<void>;
  animatedReset(options?: { duration?: number }): Promise<void>;
  on(event: "updated", call: (state: CameraState) => void): void;
}

export interface Point {
  x: number;
  y: number;
}

export class Sigma {
  constructor(graph: MultiDirectedGraph, container: HTMLElement, settings?: Attributes);
  on(event: string, call: (payload: any) => void): void;
  getCamera(): Camera;
  getMouseCaptor(): { on(event: string, call: (payload: any) => void): void };
  getGraph(): MultiDirectedGraph;
  getContainer(): HTMLElement;
  getCanvases(): Record<string, HTMLCanvasElement>;
  createCanvas(id: string, options?: { beforeLayer?: string; afterLayer?: string; style?: Attributes }): HTMLCanvasElement;
  createCanvasContext(id: string, options?: { beforeLayer?: string; afterLayer?: string }): Sigma;
  getDimensions(): { width: number; height: number };
  getNodeDisplayData(node: string): Attributes | undefined;
  getEdgeDisplayData(edge: string): Attributes | undefined;
  getSetting(name: string): any;
  setSetting(name: string, value: unknown): Sigma;
  setCustomBBox(box: { x: [number, number]; y: [number, number] } | null): Sigma;
  getBBox(): { x: [number, number]; y: [number, number] };
  graphToViewport(point: Point): Point;
  viewportToGraph(point: Point): Point;
  viewportToFramedGraph(point: Point): Point;
  scaleSize(size?: number): number;
  refresh(options?: { partialGraph?: { nodes?: string[]; edges?: string[] }; skipIndexation?: boolean; schedule?: boolean }): Sigma;
  scheduleRender(): Sigma;
  resize(force?: boolean): Sigma;
  kill(): void;
}

export class NodeProgram {
  array: Float32Array;
  constructor(gl: WebGLRenderingContext, pickingBuffer: unknown, renderer: Sigma);
  getDefinition(): Attributes;
  processVisibleItem(index: number, at: number, data: any): void;
  setUniforms(params: any, info: any): void;
  drawWebGL(method: number, info: any): void;
}

export const EdgeLineProgram: unknown;
export const EdgeCurveProgram: unknown;
export function floatColor(colour: string): number;
export const forceAtlas2: {
  assign(graph: MultiDirectedGraph, options: { iterations: number; settings?: Attributes; getEdgeWeight?: null | string }): void;
};
