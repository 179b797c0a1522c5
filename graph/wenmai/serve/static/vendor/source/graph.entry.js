// What the explorer uses of sigma and graphology; `build.sh` makes ../graph.js of it.
export { default as Sigma } from "sigma";
export { EdgeLineProgram, NodeProgram } from "sigma/rendering";
export { floatColor } from "sigma/utils";
export { default as EdgeCurveProgram } from "@sigma/edge-curve";
export { MultiDirectedGraph } from "graphology";
export { default as forceAtlas2 } from "graphology-layout-forceatlas2";
