// The charts over the steps, on two canvases: axes and lines once a run, cursor and values at every frame.
// Plotly would need 60-90 ms to lay their axes out anew at every change; this takes 2.

import { cleared, h, makeLayer, pixelRatio, pointIn, sized } from "../../base/dom.js";
import { clamp, format } from "../../base/format.js";
import { fillBox, line, write } from "../../base/plot/pen.js";
import { BOTTOM, GAP, LEFT, paintAxes, placeCharts, TITLE } from "./axes.js";
import { lineColour, paintLines } from "./lines.js";

/**
 * @import { Chart, Line, Pair, Pen, Run, Theme } from "../../base/types.js"
 * @import { Root } from "../../scenes/root.js"
 * @import { ChartSpot } from "./axes.js"
 *
 * @typedef {Pick<Run, "steps" | "branch" | "letter">} Charted its letter is that of the one in hand
 * @typedef {(width: number) => number} Across how many charts lie side by side
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
  first = Infinity; // so many steps are in sight
  /** @type {number | null} the step under the pointer */
  hovered = null;
  ready = false;
  bold = 1; // how much larger type and lines are
  least = 0; // pixels that all together are high at least
  concealed = false; // while a prediction is asked for: nothing of what is to come, and no axes that hint at it
  axes = document.createElement("canvas"); // axes and lines stay until the next run: a frame copies what is revealed
  lines = document.createElement("canvas");
  canvas = sized(h("canvas", {
    class: "al-overlay al-touch",
    "aria-hidden": "true",
    onpointermove: (event) => this.hover(event),
    onpointerdown: (event) => this.press(event),
    onpointerleave: () => this.hover(null),
  }));
  summary = h("ul", { class: "al-hidden" });
  element = h("div", { class: "al-panels" }, this.canvas, this.summary);

  /**
   * @param {Root} root
   * @param {Across} across
   */
  constructor(root, across = (width) => (width >= 400 ? 2 : 1)) {
    this.root = root;
    this.across = across;
  }

  /** @param {PointerEvent | null} event */
  hover(event) {
    this.hovered = event && this.stepAt(event);
    if (event && this.canvas.hasPointerCapture(event.pointerId)) this.jump(this.hovered);
    this.root.draw();
  }

  /** @param {PointerEvent} event */
  press(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.jump(this.stepAt(event));
  }

  /** @param {number | null} step */
  jump(step) {
    if (step !== null) this.root.transport.jump(step);
  }

  /** @type {(event: MouseEvent) => number | null} the step of a chart that lies under it */
  stepAt(event) {
    if (this.concealed) return null;
    const { bold, spots } = this;
    const [x, y] = pointIn(event, this.canvas);
    const spot = spots.find(({ left, top, width, height }) =>
      y >= top - TITLE * bold && y <= top + height + BOTTOM * bold && x >= left - LEFT * bold && x <= left + width + GAP
    );
    return spot ? clamp(Math.round(((x - spot.left) / spot.width) * this.last), 0, this.last) : null;
  }

  /** The last step in sight: the run's, or less where its first steps are enlarged. */
  get last() {
    return Math.max(1, Math.min(this.first, this.run.steps));
  }

  /** @type {(run: Charted, charts: Chart[], theme: Theme, first?: number) => void} paints what stays, too */
  take(run, charts, theme, first = Infinity) {
    Object.assign(this, { run, charts, theme, first });
    this.summary.replaceChildren(...charts.map((chart) => h("li", { "data-chart": chart.key }, inWords(chart))));
    const columns = this.across(this.element.clientWidth);
    const rows = Math.ceil(charts.length / columns);
    this.element.style.height = `${Math.max(this.least, rows * LOWEST)}px`;
    const { clientWidth, clientHeight } = this.element;
    this.spots = this.place(clientWidth, clientHeight, columns);
    const [axes, lines] = [makeLayer(clientWidth, clientHeight), makeLayer(clientWidth, clientHeight)];
    for (const spot of this.spots) {
      paintAxes(axes.context, spot, this);
      paintLines(lines.context, spot, [spot.left, spot.left + spot.width + 1], this);
    }
    this.axes = axes.canvas;
    this.lines = lines.canvas;
    this.ready = true;
  }

  resize() {
    if (this.ready) this.take(this.run, this.charts, this.theme, this.first);
  }

  /** @type {(width: number, height: number, columns: number) => ChartSpot[]} */
  place(width, height, columns) {
    const { charts, bold, last } = this;
    return placeCharts(charts, { width, height, columns, bold, last });
  }

  /** @type {(context: Pen, spots: ChartSpot[], position: number, step: number) => void} on a film's pen, or an SVG's */
  paint(context, spots, position, step) {
    if (!this.concealed) {
      for (const spot of spots) paintAxes(context, spot, this);
    }
    this.paintSteps(context, spots, position, step, (spot, edges) => paintLines(context, spot, edges, this));
  }

  /** @type {(position: number, step: number) => void} */
  draw(position, step) {
    if (!this.ready) return;
    const context = cleared(this.canvas);
    const { axes: { width, height } } = this;
    const ratio = pixelRatio();
    if (!this.concealed) context.drawImage(this.axes, 0, 0, width / ratio, height / ratio);
    this.paintSteps(context, this.spots, position, step, (spot, edges) => this.reveal(context, spot, edges));
  }

  /**
   * What moves in each chart; `show` paints its lines between two edges.
   * @typedef {(spot: ChartSpot, edges: Pair) => void} Show
   * @type {(context: Pen, spots: ChartSpot[], position: number, step: number, show: Show) => void}
   */
  paintSteps(context, spots, position, step, show) {
    const { theme, concealed, hovered, last } = this;
    for (const spot of spots) {
      if (concealed) fillBox(context, spot, theme.panel);
      const cursor = spot.x(Math.min(position, last));
      show(spot, [spot.left - 2, cursor]);
      context.globalAlpha = 0.3;
      if (!concealed) show(spot, [cursor, spot.left + spot.width + 3]);
      context.globalAlpha = 1;
      this.paintCursor(context, spot, cursor);
      if (hovered !== null) this.paintCursor(context, spot, spot.x(hovered), [2, 3]);
      this.paintHead(context, spot, hovered ?? step, hovered ?? Math.floor(position));
    }
  }

  /** @type {(context: Pen, spot: ChartSpot, x: number, dash?: number[]) => void} */
  paintCursor(context, { top, height }, x, dash) {
    line(context, [[x, top - 2], [x, top + height]], { colour: this.theme.quiet, dash });
  }

  /** @type {(context: CanvasRenderingContext2D, spot: ChartSpot, edges: Pair) => void} copies lines */
  reveal(context, spot, [left, right]) {
    const ratio = pixelRatio();
    const [x, width] = [Math.round(left * ratio), Math.round((right - left) * ratio)];
    const [y, height] = [Math.round((spot.top - 3) * ratio), Math.round((spot.height + 6) * ratio)];
    if (width <= 0 || height <= 0) return;
    context.drawImage(this.lines, x, y, width, height, x / ratio, y / ratio, width / ratio, height / ratio);
  }

  /**
   * Title at the left, the values at the cursor at the right, each in its colour; `point` counts where a line has one
   * value more than there are steps.
   * @type {(context: Pen, spot: ChartSpot, step: number, point: number) => void}
   */
  paintHead(context, { chart, left, top, width: room }, step, point) {
    const { theme, bold, run } = this;
    const y = top - 9 * bold;
    const edge = left - LEFT * bold + 4;
    const baseline = "alphabetic";
    write(context, chart.title, [edge, y], { font: `600 ${12 * bold}px ${theme.font}`, colour: theme.ink, baseline });
    if (this.concealed) return;
    const free = edge + context.measureText(chart.title).width + 6;
    const lines = this.valued(chart.lines);
    const [size, gap] = lines.length > 2 ? [10, 5] : [11, 10];
    const font = `${size * bold}px ${theme.font}`;
    context.font = font;
    let right = left + room;
    const alone = chart.lines.every(({ quantity }) => quantity === chart.lines[0].quantity);
    for (const each of lines.reverse()) {
      const { values, letter, coordinate, label, steps = run.steps } = each;
      const at = Math.min(values.length > steps ? point : step, values.length - 1);
      const name = letter ?? (alone && coordinate ? coordinate : label);
      const text = `${name} ${format(values[at], letter && chart.lines.length > 2 ? 2 : 3)}`;
      const width = context.measureText(text).width;
      if (right - width < free) break;
      write(context, text, [right, y], { font, colour: lineColour(theme, each, theme.text), align: "right", baseline });
      right -= width + gap;
    }
  }

  /** @param {Line[]} lines whose values stand above their chart: of many runs the one in hand alone */
  valued(lines) {
    // The slower of two rates of a run among several has no room of its own.
    const roomy = lines.filter((line) => line.label && !(line.letter && line.quantity === "lr"));
    const many = new Set(roomy.map((line) => line.letter)).size > SIDE_BY_SIDE;
    return many ? roomy.filter((line) => line.letter === this.run.letter) : roomy;
  }
}

/** @type {(chart: Chart) => string} for those who can't see it */
function inWords({ title, lines, help }) {
  const parts = lines.filter(({ label }) => label).map(({ label, values }) => {
    const finite = Array.from(values).filter(Number.isFinite);
    if (!finite.length) return `${label}: no finite value`;
    const [low, high] = [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))];
    const [from, to, least, most] = [finite[0], finite[finite.length - 1], low, high].map((value) => format(value));
    return `${label} from ${from} to ${to}, between ${least} and ${most}`;
  });
  return `${title}: ${parts.join("; ")}. ${help}`;
}
