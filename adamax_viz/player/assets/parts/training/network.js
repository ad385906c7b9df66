// The network: a column of nodes for each layer, a line for each weight, as wide as it is large, coloured by its sign.

import { cleared, pointIn } from "../../base/dom.js";
import { clamp, format } from "../../base/format.js";
import { line, Stage, write, writeOn } from "../../base/plot/plot.js";
import { frameAt, makeWeights } from "./payload.js";
import { followPointer, nearest } from "./pointer.js";

/** @import { Pair, Theme } from "../../base/types.js" */
/** @import { NetworkHeader, Taken, WeightOf } from "./types.js" */

/**
 * @typedef {object} Layout where it lies
 * @property {Pair[][]} nodes by layer
 * @property {{column: number, from: Pair, to: Pair}[]} edges a line for each weight
 * @property {number} radius of a node
 *
 * @typedef {Layout & {network: NetworkHeader, theme: Theme, context: CanvasRenderingContext2D}} Drawing
 */

const MARGIN = { x: 34, top: 22, bottom: 16 };
const NEAR = 7; // pixels within which a click takes an edge

export class Network extends Stage {
  /** @type {Taken} */
  taken;
  /** @type {ReturnType<typeof makeWeights>} */
  weightsAt;
  /** @type {Layout} */
  layout = { nodes: [], edges: [], radius: 0 };
  /** @type {Layout["edges"][number] | null} */
  hovered = null;
  /** @type {(() => void) | undefined} */
  redraw = undefined;

  /** @param {{onPick: (column: number) => void}} callbacks for a weight that is clicked */
  constructor({ onPick }) {
    super({ "aria-label": "The network: a line for each weight" });
    const find = (/** @type {MouseEvent} */ event) => {
      const point = pointIn(event, this.canvas);
      return nearest(this.layout.edges, ({ from, to }) => distance(point, from, to), NEAR);
    };
    followPointer(this, find, ({ column }) => onPick(column));
  }

  /** @param {Taken} taken */
  take(taken) {
    const { header, arrays } = taken;
    this.taken = taken;
    if (!header.network) return;
    const words = `The network: ${header.network.nodes.join(", ")} nodes from inputs to outputs; ` +
      "a line's width is the weight's size, its colour the sign.";
    this.element.setAttribute("aria-label", words);
    this.weightsAt = makeWeights(header, arrays);
    this.layout = layOut(header.network, this.canvas.clientWidth, this.canvas.clientHeight);
    this.drawn = "";
  }

  /** @type {(position: number, picked: number[]) => void} */
  draw(position, picked) {
    const { canvas, hovered, layout, weightsAt, taken: { header: { network }, arrays, theme, name } } = this;
    const row = frameAt(arrays["frames.steps"]?.data, position);
    // Thousands of lines: only where something has changed.
    if (!network || !this.isStale(row, picked, hovered?.column)) return;
    const weightOf = weightsAt?.(row) ?? null;
    const context = cleared(canvas);
    const drawing = { ...layout, network, theme, context };
    drawEdges(drawing, weightOf);
    for (const { column, from, to } of layout.edges) {
      const place = picked.indexOf(column);
      const dash = place === 1 ? [5, 3] : [];
      if (place >= 0 || column === hovered?.column) line(context, [from, to], { colour: theme.ink, width: 1.6, dash });
    }
    drawNodes(drawing, weightOf);
    writeLayers(drawing);
    if (!hovered) return;
    const value = weightOf ? ` ≈ ${format(weightOf(hovered.column).value, 3)}` : "";
    writeOn(context, name(hovered.column) + value, [4, canvas.clientHeight - 16], theme);
  }
}

/** @type {(network: NetworkHeader, width: number, height: number) => Layout} */
export function layOut({ nodes, layers }, width, height) {
  const free = height - MARGIN.top - MARGIN.bottom;
  const x = (/** @type {number} */ layer) =>
    MARGIN.x + (layer / Math.max(1, nodes.length - 1)) * (width - 2 * MARGIN.x);
  const y = (/** @type {number} */ i, /** @type {number} */ count) => MARGIN.top + ((i + 0.5) / count) * free;
  /** @type {Pair[][]} */
  const places = nodes.map((count, layer) => Array.from({ length: count }, (_, i) => [x(layer), y(i, count)]));
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

/**
 * The smallest first; all alike before training.
 * @type {(drawing: Drawing, weightOf: WeightOf | null) => void}
 */
function drawEdges({ context, edges, theme }, weightOf) {
  if (!weightOf) {
    for (const { from, to } of edges) line(context, [from, to], { colour: theme.quiet, width: 0.7, alpha: 0.25 });
    return;
  }
  const weights = edges.map(({ column, from, to }) => ({ part: weightOf(column).part, from, to }));
  for (const { part, from, to } of weights.sort((a, b) => Math.abs(a.part) - Math.abs(b.part))) {
    const size = Math.min(1, Math.abs(part));
    line(context, [from, to], { colour: signColour(theme, part), width: 0.4 + 4.6 * size, alpha: 0.12 + 0.88 * size });
  }
}

/**
 * Nodes in the colour of their bias.
 * @type {(drawing: Drawing, weightOf: WeightOf | null) => void}
 */
function drawNodes({ context, network, nodes, radius, theme }, weightOf) {
  nodes.forEach((column, layer) => {
    const bias = layer > 0 ? network.layers[layer - 1].bias : null;
    column.forEach(([x, y], i) => {
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
  });
}

/**
 * The layers' names above them; the first and the last stay inside the picture.
 * @param {Drawing} drawing
 */
function writeLayers({ context, network, nodes, theme }) {
  const names = ["inputs", ...network.layers.map((layer) => layer.name)];
  const style = { font: `11px ${theme.font}`, colour: theme.quiet };
  names.forEach((name, layer) => {
    const [x] = nodes[layer][0];
    if (layer === 0) write(context, name, [4, 9], style);
    else if (layer < names.length - 1) write(context, name, [x, 9], { ...style, align: "center" });
    else write(context, name, [x + MARGIN.x - 4, 9], { ...style, align: "right" });
  });
}

/** @type {(theme: Theme, part: number) => string} */
function signColour({ signs }, part) {
  return part < 0 ? signs.minus : signs.plus;
}

/**
 * From a point to the nearest one between two others.
 * @type {(point: Pair, from: Pair, to: Pair) => number}
 */
export function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const t = clamp(((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy), 0, 1);
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}
