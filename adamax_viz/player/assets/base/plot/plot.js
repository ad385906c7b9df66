// A small plot on a canvas: axes with round ticks, places for values, marks for points.

import { cleared, contextOf, h, pixelRatio, sized } from "../dom.js";
import { format, within } from "../format.js";
import { levelLines } from "./level_lines.js";
import { ticks } from "./scales.js";

/** @import { Box, Pair, Spot, Theme } from "../types.js" */

const LEFT = 40;
const BOTTOM = 20;
const TOP = 6;
const RIGHT = 8;

/**
 * A canvas in a box of its own that keeps its size in sight.
 * @param {string} label
 * @param {import("../dom.js").Attributes} [attributes]
 */
export function makeStage(label, attributes = {}) {
  const canvas = sized(h("canvas", { class: "al-overlay al-touch", "aria-hidden": "true" }));
  const element = h("div", { class: "al-modelstage", role: "img", "aria-label": label, ...attributes }, canvas);
  return { element, canvas };
}

/**
 * Whether the canvas was drawn at the size it has now; its observer may not have seen that yet.
 * @param {HTMLCanvasElement} canvas
 */
export function isFitted(canvas) {
  const ratio = pixelRatio();
  return canvas.width > 0 && Math.abs(canvas.width - canvas.clientWidth * ratio) < 2 &&
    Math.abs(canvas.height - canvas.clientHeight * ratio) < 2;
}

/**
 * Where values lie on a canvas.
 * @param {{clientWidth: number, clientHeight: number}} canvas
 * @param {Pair} xRange
 * @param {Pair} yRange
 * @returns {Spot}
 */
export function makeSpot(canvas, xRange, yRange) {
  const [width, height] = [canvas.clientWidth - LEFT - RIGHT, canvas.clientHeight - TOP - BOTTOM];
  return {
    left: LEFT,
    top: TOP,
    width,
    height,
    x: (value) => LEFT + ((value - xRange[0]) / (xRange[1] - xRange[0])) * width,
    y: (value) => TOP + (1 - (value - yRange[0]) / (yRange[1] - yRange[0])) * height,
    xRange,
    yRange,
  };
}

/**
 * The canvas cleared, with axes.
 * @param {HTMLCanvasElement} canvas
 * @param {Spot} spot
 * @param {Theme} theme
 */
export function begin(canvas, spot, theme) {
  const context = cleared(canvas);
  context.font = `10px ${theme.font}`;
  context.fillStyle = theme.quiet;
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const value of ticks(spot.yRange)) {
    const y = Math.round(spot.y(value)) + 0.5;
    line(context, [[spot.left - 3, y], [spot.left, y]]);
    context.fillText(format(value, 4), spot.left - 5, y);
  }
  context.textBaseline = "top";
  context.textAlign = "center";
  for (const value of ticks(spot.xRange)) {
    const x = Math.round(spot.x(value)) + 0.5;
    line(context, [[x, spot.top + spot.height], [x, spot.top + spot.height + 3]]);
    context.fillText(format(value, 4), x, spot.top + spot.height + 6);
  }
  return context;
}

/**
 * A frame around what was drawn.
 * @param {CanvasRenderingContext2D} context
 * @param {Box} spot
 * @param {Theme} theme
 */
export function finish(context, spot, theme) {
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.strokeRect(spot.left + 0.5, spot.top + 0.5, spot.width - 1, spot.height - 1);
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Box} spot
 * @param {() => void} paint
 */
export function clipTo(context, spot, paint) {
  context.save();
  context.beginPath();
  context.rect(spot.left, spot.top, spot.width, spot.height);
  context.clip();
  paint();
  context.restore();
}

/**
 * @param {CanvasRenderingContext2D} context
 * @param {Pair[]} points
 */
export function line(context, points) {
  context.beginPath();
  points.map((point) => within(...point)).forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
}

/**
 * A word on a ground of its own, so that it can be read over lines.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {Pair} place of its left edge and its middle
 * @param {{theme: Theme, ground: string}} colours
 */
export function writeOn(context, text, [x, y], { theme, ground }) {
  context.font = `11px ${theme.font}`;
  context.fillStyle = ground;
  context.fillRect(x, y - 10, context.measureText(text).width + 12, 20);
  context.fillStyle = theme.ink;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, x + 6, y);
}

/**
 * Words with a rim in the background's colour.
 * @param {CanvasRenderingContext2D} context
 * @param {string} text
 * @param {Pair} place
 * @param {{ink: string, rim: string, width: number}} style
 */
export function writeRimmed(context, text, [x, y], { ink, rim, width }) {
  context.lineWidth = width;
  context.strokeStyle = rim;
  context.strokeText(text, x, y);
  context.fillStyle = ink;
  context.fillText(text, x, y);
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
 * @param {CanvasRenderingContext2D} context
 * @param {number} label
 * @param {Pair} place
 * @param {string} colour
 * @param {{hollow?: boolean, radius?: number, rim?: string}} [style]
 */
export function mark(context, label, [x, y], colour, { hollow = false, radius = 3.4, rim = "#fff" } = {}) {
  const { corners, size, turn = 0 } = SHAPES[label % SHAPES.length];
  context.beginPath();
  if (!corners) context.arc(x, y, radius, 0, 2 * Math.PI);
  for (let i = 0; i < corners; i++) {
    const angle = (2 * Math.PI * i) / corners - Math.PI / 2 + turn;
    context.lineTo(x + radius * size * Math.cos(angle), y + radius * size * Math.sin(angle));
  }
  context.closePath();
  context.lineWidth = hollow ? 1.6 : 0.8;
  context.fillStyle = hollow ? rim : colour;
  context.strokeStyle = hollow ? colour : rim;
  context.fill();
  context.stroke();
}

/**
 * A picture of width x height pixels, each coloured by `paint(index) -> [r, g, b, a]`.
 * @param {number} width
 * @param {number} height
 * @param {(index: number) => number[]} paint
 */
export function makeImage(width, height, paint) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) image.data.set(paint(i), 4 * i);
  contextOf(canvas).putImageData(image, 0, 0);
  return canvas;
}

/**
 * The same of an n x n grid: its rows go up, those of a picture down.
 * @param {number} n
 * @param {(index: number) => number[]} paint
 */
export function makeGridImage(n, paint) {
  return makeImage(n, n, (i) => paint((n - 1 - Math.floor(i / n)) * n + (i % n)));
}

/**
 * The line at a level of an n x n grid of values that fills the box.
 * @param {CanvasRenderingContext2D} context
 * @param {ArrayLike<number>} data
 * @param {number} n
 * @param {number} level
 * @param {Box} box
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
