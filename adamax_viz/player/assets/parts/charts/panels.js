// The charts over the steps, on two canvases: axes and lines once a run, cursor and values at every frame.
// Plotly would need 60-90 ms to lay their axes out anew at every change; this takes 2.

import { cleared, h, makeLayer, pixelRatio, pointIn, sized } from "../../base/dom.js";
import { clamp, format } from "../../base/format.js";
import { BOTTOM, GAP, LEFT, paintAxes, placeCharts, TITLE } from "./axes.js";
import { lineColour, paintLines } from "./lines.js";

/**
 * @import { Branch, Chart, Line, Pen, Theme } from "../../base/types.js"
 * @import { ChartSpot } from "./axes.js"
 *
 * @typedef {object} Charted the run whose charts they are; its letter is that of the one in hand
 * @property {number} steps
 * @property {Branch} branch
 * @property {string} [letter]
 */

export const LOWEST = 128; // pixels a chart has at least, title and ticks included
const SIDE_BY_SIDE = 4; // letters whose values fit above a chart

export class Panels {
  /** @type {Charted} */
  run;
  /** @type {Theme} */
  theme;
  /** @type {Chart[]} */
  charts = [];
  /** @type {ChartSpot[]} */
  spots = [];
  /** @type {number | null} so many first steps are enlarged */
  first = null;
  /** @type {number | null} the step under the pointer */
  hovered = null;
  pressed = false;
  ready = false;
  bold = 1; // how much larger type and lines are
  least = 0; // pixels that all together are high at least
  concealed = false; // while a prediction is asked for: nothing of what is to come, and no axes that hint at it
  /** @type {(() => void) | undefined} when they must be drawn again */
  redraw = undefined;
  /** @type {HTMLCanvasElement} */
  canvas;
  /** @type {HTMLElement} */
  summary;

  /**
   * @param {object} options
   * @param {(step: number) => void} options.onJump when a chart is clicked or scrubbed
   * @param {(width: number) => number} [options.across] how many charts lie side by side
   */
  constructor({ onJump, across = (width) => (width >= 400 ? 2 : 1) }) {
    this.onJump = onJump;
    this.across = across;
    this.lines = document.createElement("canvas");
    this.axes = this.lines;
    this.element = this.build();
  }

  build() {
    this.canvas = sized(h("canvas", {
      class: "al-overlay al-touch",
      "aria-hidden": "true",
      onpointermove: (event) => this.hover(event),
      onpointerdown: (event) => this.press(event),
      onpointerup: () => (this.pressed = false),
      onpointerleave: () => {
        this.hovered = null;
        this.redraw?.();
      },
    }));
    this.summary = h("ul", { class: "al-hidden" });
    return h("div", { class: "al-panels" }, this.canvas, this.summary);
  }

  /** @param {PointerEvent} event */
  hover(event) {
    if (!this.ready) return;
    this.hovered = this.stepAt(event);
    if (this.pressed && this.hovered !== null) this.onJump(this.hovered);
    this.redraw?.();
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (!this.ready) return;
    this.pressed = true;
    this.canvas.setPointerCapture(event.pointerId);
    const step = this.stepAt(event);
    if (step !== null) this.onJump(step);
  }

  /**
   * The step of a chart that lies under an event, or null.
   * @param {MouseEvent} event
   */
  stepAt(event) {
    if (this.concealed) return null;
    const [x, y] = pointIn(event, this.canvas);
    const spot = this.spots.find((s) =>
      y >= s.top - TITLE * this.bold && y <= s.top + s.height + BOTTOM * this.bold &&
      x >= s.left - LEFT * this.bold && x <= s.left + s.width + GAP
    );
    return spot ? clamp(Math.round(((x - spot.left) / spot.width) * this.last), 0, this.last) : null;
  }

  /** The last step in sight: the run's, or less where its first steps are enlarged. */
  get last() {
    return Math.max(1, Math.min(this.first ?? Infinity, this.run.steps));
  }

  get look() {
    const { theme, bold, last, run } = this;
    return { theme, bold, last, branch: run.branch };
  }

  /**
   * Take the charts of a run and paint what stays until the next one.
   * @param {Charted} run
   * @param {Chart[]} charts
   * @param {Theme} theme
   * @param {number | null} [first] so many first steps are enlarged
   */
  take(run, charts, theme, first = null) {
    this.run = run;
    this.charts = charts;
    this.theme = theme;
    this.first = first;
    this.describe();
    const rows = Math.ceil(charts.length / this.columns());
    this.element.style.height = `${Math.max(this.least, rows * LOWEST)}px`;
    this.spots = this.place(this.element.clientWidth, this.element.clientHeight, this.columns());
    this.paintStill();
    this.ready = true;
  }

  resize() {
    if (this.ready) this.take(this.run, this.charts, this.theme, this.first);
  }

  columns() {
    return this.across(this.element.clientWidth);
  }

  /**
   * @param {number} width
   * @param {number} height
   * @param {number} columns
   */
  place(width, height, columns) {
    const { charts, bold, last } = this;
    return placeCharts(charts, { width, height, columns, bold, last });
  }

  /** Axes and lines once, each on a canvas of its own: a frame then copies the part that is revealed. */
  paintStill() {
    const { clientWidth, clientHeight } = this.element;
    const [axes, lines] = [makeLayer(clientWidth, clientHeight), makeLayer(clientWidth, clientHeight)];
    for (const spot of this.spots) {
      paintAxes(axes.context, spot, this.look);
      paintLines(lines.context, spot, spot.left, spot.left + spot.width + 1, this.look);
    }
    this.axes = axes.canvas;
    this.lines = lines.canvas;
  }

  /**
   * All charts at a playhead on any pen: a film's, or one that writes SVG.
   * @param {Pen} context
   * @param {ChartSpot[]} spots
   * @param {number} position
   * @param {number} step
   */
  paint(context, spots, position, step) {
    for (const spot of spots) {
      paintAxes(context, spot, this.look);
      const cursor = spot.left + (position / this.last) * spot.width;
      paintLines(context, spot, spot.left - 2, cursor, this.look);
      context.globalAlpha = 0.3;
      paintLines(context, spot, cursor, spot.left + spot.width + 3, this.look);
      context.globalAlpha = 1;
      context.strokeStyle = this.theme.quiet;
      context.lineWidth = 1;
      vertical(context, cursor, spot);
      this.paintHead(context, spot, step, Math.floor(position));
    }
  }

  /**
   * @param {number} position
   * @param {number} step
   */
  draw(position, step) {
    if (!this.ready) return;
    const context = cleared(this.canvas);
    const { theme } = this;
    const ratio = pixelRatio();
    if (!this.concealed) context.drawImage(this.axes, 0, 0, this.axes.width / ratio, this.axes.height / ratio);
    for (const spot of this.spots) {
      if (this.concealed) {
        context.fillStyle = theme.panel;
        context.fillRect(spot.left, spot.top, spot.width, spot.height);
      }
      const cursor = spot.left + Math.min(1, position / this.last) * spot.width;
      this.reveal(context, spot, spot.left - 2, cursor, 1);
      if (!this.concealed) this.reveal(context, spot, cursor, spot.left + spot.width + 3, 0.3);
      context.globalAlpha = 1;
      context.strokeStyle = theme.quiet;
      context.lineWidth = 1;
      vertical(context, cursor, spot);
      if (this.hovered !== null) {
        context.setLineDash([2, 3]);
        vertical(context, spot.left + (this.hovered / this.last) * spot.width, spot);
        context.setLineDash([]);
      }
      this.paintHead(context, spot, this.hovered ?? step, this.hovered ?? Math.floor(position));
    }
  }

  /**
   * Copy a chart's lines between two edges.
   * @param {CanvasRenderingContext2D} context
   * @param {ChartSpot} spot
   * @param {number} left
   * @param {number} right
   * @param {number} alpha
   */
  reveal(context, spot, left, right, alpha) {
    const ratio = pixelRatio();
    const [x, width] = [Math.round(left * ratio), Math.round((right - left) * ratio)];
    const [y, height] = [Math.round((spot.top - 3) * ratio), Math.round((spot.height + 6) * ratio)];
    if (width <= 0 || height <= 0) return;
    context.globalAlpha = alpha;
    context.drawImage(this.lines, x, y, width, height, x / ratio, y / ratio, width / ratio, height / ratio);
  }

  /**
   * Title at the left, the values at the cursor at the right, each in its colour.
   * @param {Pen} context
   * @param {ChartSpot} spot
   * @param {number} step
   * @param {number} point of a line that has one value more than there are steps
   */
  paintHead(context, spot, step, point) {
    const { theme, bold } = this;
    const y = spot.top - 9 * bold;
    context.font = `600 ${12 * bold}px ${theme.font}`;
    context.fillStyle = theme.ink;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    const edge = spot.left - LEFT * bold + 4;
    context.fillText(spot.chart.title, edge, y);
    if (this.concealed) return;
    const free = edge + context.measureText(spot.chart.title).width + 6;
    const lines = this.valued(spot.chart.lines);
    const [size, gap] = lines.length > 2 ? [10, 5] : [11, 10];
    context.font = `${size * bold}px ${theme.font}`;
    context.textAlign = "right";
    let right = spot.left + spot.width;
    const alone = new Set(spot.chart.lines.map((line) => line.quantity)).size === 1;
    for (const line of lines.reverse()) {
      // A line over points has one value more than there are steps.
      const at = Math.min(line.values.length > (line.steps ?? this.run.steps) ? point : step, line.values.length - 1);
      const name = line.letter ?? (alone && line.coordinate ? line.coordinate : line.label);
      const text = `${name} ${format(line.values[at], line.letter && spot.chart.lines.length > 2 ? 2 : 3)}`;
      const width = context.measureText(text).width;
      if (right - width < free) break;
      context.fillStyle = lineColour(theme, line, theme.text);
      context.fillText(text, right, y);
      right -= width + gap;
    }
  }

  /**
   * The lines whose values stand above their chart: of many runs the one in hand alone.
   * @param {Line[]} lines
   */
  valued(lines) {
    // The slower of two rates of a run among several has no room of its own.
    const roomy = lines.filter((line) => line.label && !(line.letter && line.quantity === "lr"));
    const many = new Set(roomy.map((line) => line.letter)).size > SIDE_BY_SIDE;
    return many ? roomy.filter((line) => line.letter === this.run.letter) : roomy;
  }

  /** The charts in words, for those who can't see them. */
  describe() {
    this.summary.replaceChildren(
      ...this.charts.map((chart) => {
        const parts = chart.lines.filter((line) => line.label).map(inWords);
        return h("li", { "data-chart": chart.key }, `${chart.title}: ${parts.join("; ")}. ${chart.help}`);
      }),
    );
  }
}

/**
 * @param {Pen} context
 * @param {number} x
 * @param {ChartSpot} spot
 */
function vertical(context, x, spot) {
  context.beginPath();
  context.moveTo(x, spot.top - 2);
  context.lineTo(x, spot.top + spot.height);
  context.stroke();
}

/** @param {Line} line */
function inWords({ label, values }) {
  const finite = Array.from(values).filter(Number.isFinite);
  if (!finite.length) return `${label}: no finite value`;
  const [low, high] = [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))];
  return `${label} from ${format(finite[0])} to ${format(finite[finite.length - 1])}, between ${format(low)} and ${
    format(high)
  }`;
}
