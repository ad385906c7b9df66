// A small plot on a canvas: axes with round ticks, places for values, marks for points.

import { cleared, format, h, sized, within } from "./dom.js";
import { ticks } from "./scales.js";

const LEFT = 40;
const BOTTOM = 20;
const TOP = 6;
const RIGHT = 8;

/** A canvas in a box of its own that keeps its size in sight. */
export function makeStage(label, attributes = {}) {
  const canvas = sized(h("canvas", { class: "al-overlay al-touch", "aria-hidden": "true" }));
  const element = h("div", { class: "al-modelstage", role: "img", "aria-label": label, ...attributes }, canvas);
  return { element, canvas };
}

/** Whether the canvas was drawn at the size it has now; its observer may not have seen that yet. */
export function isFitted(canvas) {
  const ratio = window.devicePixelRatio || 1;
  return canvas.width > 0 && Math.abs(canvas.width - canvas.clientWidth * ratio) < 2 &&
    Math.abs(canvas.height - canvas.clientHeight * ratio) < 2;
}

/** Where values lie on a canvas of this size: {left, top, width, height, x(v), y(v)}. */
export function makeSpot(canvas, xRange, yRange, { left = LEFT } = {}) {
  const [width, height] = [canvas.clientWidth - left - RIGHT, canvas.clientHeight - TOP - BOTTOM];
  return {
    left,
    top: TOP,
    width,
    height,
    x: (value) => left + ((value - xRange[0]) / (xRange[1] - xRange[0])) * width,
    y: (value) => TOP + (1 - (value - yRange[0]) / (yRange[1] - yRange[0])) * height,
    xRange,
    yRange,
  };
}

/** The canvas cleared, with axes. */
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

/** A frame around what was drawn. */
export function finish(context, spot, theme) {
  context.strokeStyle = theme.grid;
  context.lineWidth = 1;
  context.strokeRect(spot.left + 0.5, spot.top + 0.5, spot.width - 1, spot.height - 1);
}

export function clipTo(context, spot, paint) {
  context.save();
  context.beginPath();
  context.rect(spot.left, spot.top, spot.width, spot.height);
  context.clip();
  paint();
  context.restore();
}

export function line(context, points) {
  context.beginPath();
  points.map((point) => within(...point)).forEach(([x, y], i) => (i ? context.lineTo(x, y) : context.moveTo(x, y)));
  context.stroke();
}

// One shape a label, so that labels differ without colour too.
const SHAPES = [
  (c, x, y, r) => c.arc(x, y, r, 0, 2 * Math.PI),
  (c, x, y, r) => c.rect(x - r * 0.85, y - r * 0.85, r * 1.7, r * 1.7),
  (c, x, y, r) => polygon(c, x, y, r * 1.25, 3),
  (c, x, y, r) => polygon(c, x, y, r * 1.25, 4),
  (c, x, y, r) => polygon(c, x, y, r * 1.15, 5),
  (c, x, y, r) => polygon(c, x, y, r * 1.15, 6),
];

function polygon(context, x, y, radius, corners) {
  for (let i = 0; i < corners; i++) {
    const angle = (2 * Math.PI * i) / corners - Math.PI / 2;
    context[i ? "lineTo" : "moveTo"](x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  }
  context.closePath();
}

/** A mark of a label: filled for training points, hollow for validation points. */
export function mark(context, label, x, y, colour, { hollow = false, radius = 3.4, rim = "#fff" } = {}) {
  context.beginPath();
  SHAPES[label % SHAPES.length](context, x, y, radius);
  context.lineWidth = hollow ? 1.6 : 0.8;
  context.fillStyle = hollow ? rim : colour;
  context.strokeStyle = hollow ? colour : rim;
  context.fill();
  context.stroke();
}

/** [r, g, b] of "#rrggbb". */
export function rgb(colour) {
  return [1, 3, 5].map((i) => parseInt(colour.slice(i, i + 2), 16));
}

/** A picture of width x height pixels, each coloured by `paint(index) -> [r, g, b, a]`. */
export function makeImage(width, height, paint) {
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) image.data.set(paint(i), 4 * i);
  canvas.getContext("2d").putImageData(image, 0, 0);
  return canvas;
}

/** The line at a level of an n x n grid of values that fills the spot: marching squares. */
export function drawLevel(context, data, n, level, spot) {
  const place = ([c, r]) => [spot.left + (c / (n - 1)) * spot.width, spot.top + (1 - r / (n - 1)) * spot.height];
  context.beginPath();
  for (let r = 0; r < n - 1; r++) {
    for (let c = 0; c < n - 1; c++) {
      const corners = [[c, r], [c + 1, r], [c + 1, r + 1], [c, r + 1]];
      const values = corners.map(([i, j]) => data[j * n + i]);
      const crossings = [];
      for (let e = 0; e < 4; e++) {
        const [a, b] = [values[e], values[(e + 1) % 4]];
        if (a < level === b < level) continue;
        const t = (level - a) / (b - a);
        const [p, q] = [corners[e], corners[(e + 1) % 4]];
        crossings.push(place([p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t]));
      }
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        context.moveTo(...crossings[i]);
        context.lineTo(...crossings[i + 1]);
      }
    }
  }
  context.stroke();
}
