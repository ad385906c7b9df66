// A small plot on a canvas: axes with round ticks, places for values, lines, words, and marks for points.

import { cleared, contextOf, h, makeLayer, pixelRatio, sized, sizeOf } from "../dom.js";
import { format } from "../format.js";
import { levelLines } from "./level_lines.js";
import { fillBox, line, paintInside, write } from "./pen.js";
import { ticks } from "./scales.js";

export { line, write };

/**
 * @import { Attributes } from "../dom.js"
 * @import { Box, Pair, Spot, Theme } from "../types.js"
 *
 * @typedef {CanvasRenderingContext2D} Context
 * @typedef {Spot & {context: Context, theme: Theme}} Plot what is drawn on
 * @typedef {(plot: Plot) => void} Paint
 */

const MARGIN = { left: 40, right: 8, top: 6, bottom: 20 };

/** A canvas in a box of its own. */
export class Stage {
  drawn = ""; // what the canvas shows, as a text

  /** @param {Attributes} attributes */
  constructor(attributes) {
    this.canvas = sized(h("canvas", { class: "al-overlay al-touch", "aria-hidden": "true" }));
    this.element = h("div", { class: "al-modelstage", role: "img", ...attributes }, this.canvas);
  }

  /** @type {(...wanted: unknown[]) => boolean} whether something else than before is to be drawn, or at another size */
  isStale(...wanted) {
    const before = this.drawn;
    this.drawn = [...wanted, ...sizeOf(this.canvas)].join();
    return this.drawn !== before;
  }
}

/**
 * Where values lie on a canvas.
 * @typedef {{clientWidth: number, clientHeight: number}} Room
 * @type {(canvas: Room, xRange: Pair, yRange: Pair, margin?: typeof MARGIN) => Spot}
 */
export function makeSpot({ clientWidth, clientHeight }, xRange, yRange, margin = MARGIN) {
  const { left, right, top, bottom } = margin;
  const [width, height] = [clientWidth - left - right, clientHeight - top - bottom];
  return {
    ...{ left, top, width, height, xRange, yRange },
    x: (value) => left + ((value - xRange[0]) / (xRange[1] - xRange[0])) * width,
    y: (value) => top + (1 - (value - yRange[0]) / (yRange[1] - yRange[0])) * height,
  };
}

/**
 * The canvas cleared, with axes, what `paint` draws inside of them, and a frame.
 * @type {(canvas: HTMLCanvasElement, spot: Spot, theme: Theme, paint: Paint) => void}
 */
export function drawPlot(canvas, spot, theme, paint) {
  const { left, top, width, height, x, y } = spot;
  const context = cleared(canvas);
  const style = { font: `10px ${theme.font}`, colour: theme.quiet };
  for (const value of ticks(spot.yRange)) {
    const at = Math.round(y(value)) + 0.5;
    line(context, [[left - 3, at], [left, at]], { colour: theme.grid });
    write(context, format(value, 4), [left - 5, at], { ...style, align: "right" });
  }
  for (const value of ticks(spot.xRange)) {
    const at = Math.round(x(value)) + 0.5;
    line(context, [[at, top + height], [at, top + height + 3]], { colour: theme.grid });
    write(context, format(value, 4), [at, top + height + 6], { ...style, align: "center", baseline: "top" });
  }
  paintInside(context, spot, () => paint({ ...spot, context, theme }));
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.strokeRect(left + 0.5, top + 0.5, width - 1, height - 1);
}

/** @type {(paint: Paint) => Paint} what stays under a plot: painted once for each size of its canvas, then copied */
export function makeGround(paint) {
  /** @type {HTMLCanvasElement} */
  let ground;
  let size = "";
  return (plot) => {
    const { canvas } = plot.context;
    const { clientWidth, clientHeight } = canvas;
    const wanted = [clientWidth, clientHeight, pixelRatio()].join();
    if (wanted !== size) {
      const layer = makeLayer(clientWidth, clientHeight);
      paintInside(layer.context, plot, () => paint({ ...plot, context: layer.context }));
      [ground, size] = [layer.canvas, wanted];
    }
    plot.context.drawImage(ground, 0, 0, clientWidth, clientHeight);
  };
}

/**
 * A word on a ground of its own, from its left edge and its middle.
 * @type {(context: Context, text: string, place: number[], theme: Theme, colour?: string) => void}
 */
export function writeOn(context, text, [x, y], theme, colour = theme.panel) {
  const font = `11px ${theme.font}`;
  context.font = font;
  fillBox(context, { left: x, top: y - 10, width: context.measureText(text).width + 12, height: 20 }, colour);
  write(context, text, [x + 6, y], { font, colour: theme.ink });
}

// One shape a label, so that labels differ without colour too: a circle, a square, polygons.
const SHAPES = [
  { corners: 0, size: 1 },
  { corners: 4, size: 1.2, turn: Math.PI / 4 },
  { corners: 3, size: 1.25 },
  { corners: 4, size: 1.25 },
  { corners: 5, size: 1.15 },
  { corners: 6, size: 1.15 },
];

/**
 * A mark of a label: filled for training points, hollow for validation points.
 * @typedef {{label?: number, hollow?: boolean, radius?: number}} MarkStyle
 * @type {(plot: Plot, place: number[], colour: string, style?: MarkStyle) => void}
 */
export function mark({ context, theme }, [x, y], colour, { label = 0, hollow = false, radius = 3.4 } = {}) {
  const { corners, size, turn = 0 } = SHAPES[label % SHAPES.length];
  context.beginPath();
  if (!corners) context.arc(x, y, radius, 0, 2 * Math.PI);
  for (let i = 0; i < corners; i++) {
    const angle = (2 * Math.PI * i) / corners - Math.PI / 2 + turn;
    context.lineTo(x + radius * size * Math.cos(angle), y + radius * size * Math.sin(angle));
  }
  context.closePath();
  context.lineWidth = hollow ? 1.6 : 0.8;
  context.fillStyle = hollow ? theme.background : colour;
  context.strokeStyle = hollow ? colour : theme.background;
  context.fill();
  context.stroke();
}

/**
 * A picture of width x height pixels, each coloured by `paint(index) -> [r, g, b, a]`.
 * @type {(width: number, height: number, paint: (index: number) => number[]) => HTMLCanvasElement}
 */
export function makeImage(width, height, paint) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) image.data.set(paint(i), 4 * i);
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

/** @type {(n: number, paint: (index: number) => number[]) => HTMLCanvasElement} of n x n values, whose rows go up */
export function makeGridImage(n, paint) {
  return makeImage(n, n, (i) => paint((n - 1 - Math.floor(i / n)) * n + (i % n)));
}

/**
 * The line at a level of an n x n grid of values that fills the box.
 * @type {(context: Context, data: ArrayLike<number>, n: number, level: number, box: Box) => void}
 */
export function drawLevel(context, data, n, level, box) {
  const x = (/** @type {number} */ column) => box.left + (column / (n - 1)) * box.width;
  const y = (/** @type {number} */ row) => box.top + (1 - row / (n - 1)) * box.height;
  context.beginPath();
  for (const [from, to] of levelLines(data, n, level)) {
    context.moveTo(x(from[0]), y(from[1]));
    context.lineTo(x(to[0]), y(to[1]));
  }
  context.stroke();
}
