// The network: a column of nodes for each layer, a line for each weight, as wide as it is large, coloured by its sign.

import { cleared, pointIn } from "../../base/dom.js";
import { clamp, format } from "../../base/format.js";
import { line, Stage, write, writeOn } from "../../base/plot/plot.js";
import { frameAt, nameOf, weightsAt } from "./payload.js";
import { followPointer, nearest } from "./pointer.js";

/**
 * @import { Pair, Theme } from "../../base/types.js"
 * @import { Context } from "../../base/plot/plot.js"
 * @import { Training } from "../../scenes/training.js"
 * @import { Layer, NetworkHeader, WeightOf } from "./types.js"
 *
 * @typedef {{column: number, from: Pair, to: Pair}} Edge a line for a weight
 * @typedef {{nodes: Pair[][], edges: Edge[], radius: number}} Layout `nodes` by layer, `radius` of one
 */

const MARGIN = { x: 34, top: 22, bottom: 16 };
const INPUTS = { name: "inputs", bias: null };
const NEAR = 7; // pixels within which a click takes an edge

export class Network extends Stage {
  /** @type {Layout} */
  layout = { nodes: [], edges: [], radius: 0 };
  /** @type {Edge | null} */
  hovered = null;

  /** @param {Training} scene */
  constructor(scene) {
    super({ "aria-label": "The network: a line for each weight" });
    this.scene = scene;
    const find = (/** @type {MouseEvent} */ event) => {
      const point = pointIn(event, this.canvas);
      return nearest(this.layout.edges, ({ from, to }) => distance(point, from, to), NEAR);
    };
    followPointer(this, find, ({ column }) => scene.pick(column));
  }

  take() {
    const { network } = this.scene.payload.header;
    if (!network) return;
    const words = `The network: ${network.nodes.join(", ")} nodes from inputs to outputs; ` +
      "a line's width is the weight's size, its colour the sign.";
    this.element.setAttribute("aria-label", words);
    this.layout = layOut(network, this.canvas.clientWidth, this.canvas.clientHeight);
    this.drawn = "";
  }

  /** @param {number} position */
  draw(position) {
    const { canvas, hovered, layout: { edges }, scene: { payload, root: { theme }, picked } } = this;
    const { header, arrays } = payload;
    const { network, variables } = header;
    const row = frameAt(arrays["frames.steps"]?.data, position);
    // Thousands of lines: only where something has changed.
    if (!network || !this.isStale(row, picked, hovered?.column)) return;
    const weightOf = weightsAt(header, arrays, row);
    const context = cleared(canvas);
    this.drawEdges(context, weightOf);
    for (const { column, from, to } of edges) {
      const place = picked.indexOf(column);
      const dash = place === 1 ? [5, 3] : [];
      if (place >= 0 || column === hovered?.column) line(context, [from, to], { colour: theme.ink, width: 1.6, dash });
    }
    [INPUTS, ...network.layers].forEach((of, layer) => this.drawLayer(context, weightOf, layer, of));
    if (!hovered) return;
    const value = weightOf ? ` ≈ ${format(weightOf(hovered.column).value, 3)}` : "";
    writeOn(context, nameOf(variables, hovered.column) + value, [4, canvas.clientHeight - 16], theme);
  }

  /** @type {(context: Context, weightOf: WeightOf | null) => void} the smallest first; all alike before training */
  drawEdges(context, weightOf) {
    const { layout: { edges }, scene: { root: { theme } } } = this;
    if (!weightOf) {
      for (const { from, to } of edges) line(context, [from, to], { colour: theme.quiet, width: 0.7, alpha: 0.25 });
      return;
    }
    const weights = edges.map(({ column, from, to }) => ({ part: weightOf(column).part, from, to }));
    for (const { part, from, to } of weights.sort((a, b) => Math.abs(a.part) - Math.abs(b.part))) {
      const size = Math.min(1, Math.abs(part));
      const colour = signColour(theme, part);
      line(context, [from, to], { colour, width: 0.4 + 4.6 * size, alpha: 0.12 + 0.88 * size });
    }
  }

  /**
   * Nodes in the colour of their bias, and the layer's name above them; the first and the last stay inside the picture.
   * @type {(context: Context, weightOf: WeightOf | null, layer: number, of: Pick<Layer, "name" | "bias">) => void}
   */
  drawLayer(context, weightOf, layer, { name, bias }) {
    const { layout: { nodes, radius }, scene: { root: { theme } } } = this;
    nodes[layer].forEach(([x, y], i) => {
      const part = weightOf && bias !== null ? weightOf(bias + i).part : 0;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = theme.background;
      context.fill();
      context.globalAlpha = Math.min(1, Math.abs(part));
      context.fillStyle = signColour(theme, part);
      context.fill();
      context.globalAlpha = 1;
      context.strokeStyle = theme.quiet;
      context.lineWidth = 1;
      context.stroke();
    });
    const [x] = nodes[layer][0];
    const style = { font: `11px ${theme.font}`, colour: theme.quiet };
    if (layer === 0) write(context, name, [4, 9], style);
    else if (layer < nodes.length - 1) write(context, name, [x, 9], { ...style, align: "center" });
    else write(context, name, [x + MARGIN.x - 4, 9], { ...style, align: "right" });
  }
}

/** @type {(network: NetworkHeader, width: number, height: number) => Layout} */
export function layOut({ nodes, layers }, width, height) {
  const free = height - MARGIN.top - MARGIN.bottom;
  const places = nodes.map((count, layer) => {
    const x = MARGIN.x + (layer / Math.max(1, nodes.length - 1)) * (width - 2 * MARGIN.x);
    return Array.from({ length: count }, (_, i) => /** @type {Pair} */ ([x, MARGIN.top + ((i + 0.5) / count) * free]));
  });
  const radius = clamp(free / Math.max(...nodes) / 2.6, 2, 8);
  const edges = layers.flatMap(({ inputs, outputs, kernel }, l) =>
    Array.from({ length: inputs * outputs }, (_, e) => ({
      column: kernel + e,
      from: places[l][Math.floor(e / outputs)],
      to: places[l + 1][e % outputs],
    }))
  );
  return { nodes: places, edges, radius };
}

/** @type {(theme: Theme, part: number) => string} */
function signColour({ signs }, part) {
  return part < 0 ? signs.minus : signs.plus;
}

/** @type {(point: Pair, from: Pair, to: Pair) => number} from a point to the nearest one between two others */
export function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const t = clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0, 1);
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}
