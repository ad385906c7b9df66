// The network: a column of nodes for each layer, a line for each weight, as wide as it is large, coloured by its sign.

import { cleared, pointIn } from "../../base/dom.js";
import { format } from "../../base/format.js";
import { isFitted, line, makeStage, writeOn } from "../../base/plot/plot.js";
import { followPointer } from "./pointer.js";

/** @import { Pair, Theme } from "../../base/types.js" */
/** @import { NameOf, NetworkHeader, Weights } from "./types.js" */

/** @typedef {{column: number, from: Pair, to: Pair}} Edge a weight's line */

/**
 * What is drawn: the network, where it lies, and its weights at a playhead.
 * @typedef {object} Drawing
 * @property {NetworkHeader} network
 * @property {(position: number) => Weights | null} weightsAt
 * @property {Theme} theme
 * @property {NameOf} name
 * @property {Pair[][]} nodes by layer
 * @property {Edge[]} edges
 * @property {number} radius of a node
 */

const MARGIN = { x: 34, top: 22, bottom: 16 };
const NEAR = 7; // pixels within which a click takes an edge

export class Network {
  /** @param {{onPick: (column: number) => void}} callbacks for a weight that is clicked */
  constructor({ onPick }) {
    const { element, canvas } = makeStage("The network: a line for each weight");
    this.element = element;
    this.canvas = canvas;
    /** @type {Edge | null} */
    this.hovered = null;
    /** @type {(() => void) | undefined} */
    this.redraw = undefined;
    /** @type {Drawing | null} */
    this.drawing = null;
    this.drawn = ""; // what the canvas shows, as a text
    followPointer(this, (event) => this.find(event), ({ column }) => onPick(column));
  }

  /**
   * @param {NetworkHeader} network
   * @param {(position: number) => Weights | null} weightsAt
   * @param {Theme} theme
   * @param {NameOf} name
   */
  take(network, weightsAt, theme, name) {
    const nodes = network.nodes.join(", ");
    this.element.setAttribute(
      "aria-label",
      `The network: ${nodes} nodes from inputs to outputs; a line's width is the weight's size, its colour the sign.`,
    );
    const size = { width: this.canvas.clientWidth, height: this.canvas.clientHeight };
    this.drawing = { network, weightsAt, theme, name, ...layOut(network, size) };
    this.drawn = "";
  }

  /** @param {MouseEvent} event */
  find(event) {
    const point = pointIn(event, this.canvas);
    /** @type {Edge | null} */
    let nearest = null;
    let least = NEAR;
    for (const edge of this.drawing?.edges ?? []) {
      const away = distance(point, edge.from, edge.to);
      if (away < least) [nearest, least] = [edge, away];
    }
    return nearest;
  }

  /**
   * @param {number} position
   * @param {number[]} picked
   */
  draw(position, picked) {
    if (!this.drawing) return;
    const { canvas, drawing, hovered } = this;
    const weights = drawing.weightsAt(position);
    // Thousands of lines: only where something has changed.
    const wanted = [weights?.row, picked, hovered?.column, canvas.clientWidth, canvas.clientHeight].join();
    if (wanted === this.drawn) return;
    const context = cleared(canvas);
    this.drawn = isFitted(canvas) ? wanted : "";
    drawEdges(context, drawing, weights);
    for (const edge of drawing.edges) {
      const place = picked.indexOf(edge.column);
      if (place >= 0 || edge.column === hovered?.column) emphasise(context, edge, drawing.theme, place === 1);
    }
    drawNodes(context, drawing, weights);
    writeLayers(context, drawing);
    if (!hovered) return;
    const { name, theme } = drawing;
    const value = weights ? ` ≈ ${format(weights.of(hovered.column).value, 3)}` : "";
    writeOn(context, name(hovered.column) + value, [4, canvas.clientHeight - 16], { theme, ground: theme.panel });
  }
}

/**
 * Where nodes and edges lie.
 * @param {NetworkHeader} network
 * @param {{width: number, height: number}} size
 */
export function layOut({ nodes, layers }, { width, height }) {
  const free = height - MARGIN.top - MARGIN.bottom;
  const x = (/** @type {number} */ layer) =>
    MARGIN.x + (layer / Math.max(1, nodes.length - 1)) * (width - 2 * MARGIN.x);
  /** @type {Pair[][]} */
  const places = nodes.map((count, layer) =>
    Array.from({ length: count }, (_, i) => [x(layer), MARGIN.top + ((i + 0.5) / count) * free])
  );
  const radius = Math.max(2, Math.min(8, free / Math.max(...nodes) / 2.6));
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
 * @param {CanvasRenderingContext2D} context
 * @param {Drawing} drawing
 * @param {Weights | null} weights
 */
function drawEdges(context, { edges, theme }, weights) {
  if (!weights) {
    context.strokeStyle = theme.quiet;
    context.globalAlpha = 0.25;
    context.lineWidth = 0.7;
    for (const { from, to } of edges) line(context, [from, to]);
  } else {
    const parts = edges.map(({ column }) => weights.of(column).part);
    const smallestFirst = edges.map((_, i) => i).sort((a, b) => Math.abs(parts[a]) - Math.abs(parts[b]));
    for (const i of smallestFirst) {
      const size = Math.min(1, Math.abs(parts[i]));
      context.strokeStyle = parts[i] < 0 ? theme.signs.minus : theme.signs.plus;
      context.globalAlpha = 0.12 + 0.88 * size;
      context.lineWidth = 0.4 + 4.6 * size;
      line(context, [edges[i].from, edges[i].to]);
    }
  }
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Edge} edge
 * @param {Theme} theme
 * @param {boolean} dashed
 */
function emphasise(context, { from, to }, theme, dashed) {
  context.strokeStyle = theme.ink;
  context.lineWidth = 1.6;
  context.setLineDash(dashed ? [5, 3] : []);
  line(context, [from, to]);
  context.setLineDash([]);
}

/**
 * Nodes in the colour of their bias.
 * @param {CanvasRenderingContext2D} context
 * @param {Drawing} drawing
 * @param {Weights | null} weights
 */
function drawNodes(context, { network, nodes, radius, theme }, weights) {
  nodes.forEach((column, layer) => {
    const bias = layer > 0 ? network.layers[layer - 1].bias : null;
    column.forEach(([x, y], i) => {
      const part = weights && bias !== null ? weights.of(bias + i).part : 0;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fillStyle = theme.background;
      context.fill();
      context.globalAlpha = Math.min(1, Math.abs(part));
      context.fillStyle = part < 0 ? theme.signs.minus : theme.signs.plus;
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
 * @param {CanvasRenderingContext2D} context
 * @param {Drawing} drawing
 */
function writeLayers(context, { network, nodes, theme }) {
  context.fillStyle = theme.quiet;
  context.font = `11px ${theme.font}`;
  context.textBaseline = "middle";
  const names = ["inputs", ...network.layers.map((layer) => layer.name)];
  names.forEach((name, layer) => {
    const [isFirst, isLast] = [layer === 0, layer === names.length - 1];
    context.textAlign = isFirst ? "left" : isLast ? "right" : "center";
    const shift = isFirst ? 4 - MARGIN.x : isLast ? MARGIN.x - 4 : 0;
    context.fillText(name, nodes[layer][0][0] + shift, 9);
  });
}

/**
 * From a point to the nearest one between two others.
 * @param {Pair} point
 * @param {Pair} from
 * @param {Pair} to
 */
export function distance([x, y], [ax, ay], [bx, by]) {
  const [dx, dy] = [bx - ax, by - ay];
  const t = Math.min(1, Math.max(0, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)));
  return Math.hypot(x - ax - t * dx, y - ay - t * dy);
}
