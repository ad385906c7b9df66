// The charts over the steps, on two canvases: axes and lines once a run, cursor and values at every frame.
// Plotly would need 60-90 ms to lay their axes out anew at every change; this takes 2.

import { clamp, cleared, format, h, sized } from "../base/dom.js";
import { paintMarks } from "../base/several.js";

const TITLE = 24; // pixels above each chart for its title and values
const BOTTOM = 20;
const LEFT = 48;
const GAP = 14;
export const LOWEST = 128; // pixels a chart has at least, title and ticks included
const DASHES = [[], [5, 3]]; // by coordinate: the first solid, the second dashed

export class Panels {
  /** `onJump(step)` when a chart is clicked or scrubbed; `across(width)` says how many charts lie side by side. */
  constructor({ onJump, across = (width) => (width >= 400 ? 2 : 1) }) {
    Object.assign(this, { onJump, across });
    this.canvas = sized(h("canvas", { class: "al-overlay al-touch", "aria-hidden": "true" }));
    this.summary = h("ul", { class: "al-hidden" });
    this.element = h("div", { class: "al-panels" }, this.canvas, this.summary);
    this.lines = document.createElement("canvas");
    this.hovered = null;
    this.spots = [];
    this.ready = false;
    this.bold = 1; // how much larger type and lines are
    this.concealed = false; // while a prediction is asked for: nothing of what is to come, and no axes that hint at it
    this.wire();
  }

  wire() {
    const stepAt = (event) => {
      if (this.concealed) return null;
      const box = this.canvas.getBoundingClientRect();
      const [x, y] = [event.clientX - box.left, event.clientY - box.top];
      const spot = this.spots.find((s) =>
        y >= s.top - TITLE * this.bold && y <= s.top + s.height + BOTTOM * this.bold &&
        x >= s.left - LEFT * this.bold && x <= s.left + s.width + GAP
      );
      if (!spot) return null;
      return clamp(Math.round(((x - spot.left) / spot.width) * this.last), 0, this.last);
    };
    this.canvas.addEventListener("pointermove", (event) => {
      if (!this.ready) return;
      this.hovered = stepAt(event);
      if (this.pressed && this.hovered !== null) this.onJump(this.hovered);
      this.redraw?.();
    });
    this.canvas.addEventListener("pointerdown", (event) => {
      if (!this.ready) return;
      this.pressed = true;
      this.canvas.setPointerCapture(event.pointerId);
      const step = stepAt(event);
      if (step !== null) this.onJump(step);
    });
    this.canvas.addEventListener("pointerup", () => (this.pressed = false));
    this.canvas.addEventListener("pointerleave", () => {
      this.hovered = null;
      this.redraw?.();
    });
  }

  /** The last step in sight: the run's, or less where its first steps are enlarged. */
  get last() {
    return Math.max(1, Math.min(this.first ?? Infinity, this.run.steps));
  }

  /** Take the charts of a run and paint what stays until the next one. */
  update(run, charts, theme) {
    Object.assign(this, { run, charts, theme });
    this.describe();
    const rows = Math.ceil(charts.length / this.columns());
    this.element.style.height = `${Math.max(this.least ?? 0, rows * LOWEST)}px`;
    this.spots = this.place(this.element.clientWidth, this.element.clientHeight, this.columns());
    this.paintLines();
    this.ready = true;
  }

  resize() {
    if (this.ready) this.update(this.run, this.charts, this.theme);
  }

  columns() {
    return this.across(this.element.clientWidth);
  }

  /** Where each chart lies, in pixels, and how its values map to them. */
  place(width, height, columns) {
    const rows = Math.ceil(this.charts.length / columns);
    const [title, left, bottom] = [TITLE, LEFT, BOTTOM].map((pixels) => pixels * this.bold);
    const cell = { width: (width - GAP * (columns - 1)) / columns, height: height / rows };
    return this.charts.map((chart, i) => {
      const [column, row] = [i % columns, Math.floor(i / columns)];
      const spot = {
        chart,
        left: column * (cell.width + GAP) + left,
        top: row * cell.height + title,
        width: cell.width - left - 8,
        height: cell.height - title - bottom,
      };
      const { range, logarithmic } = this.range(chart);
      const [low, high] = range;
      const scaled = logarithmic ? Math.log10 : (value) => value;
      spot.y = (value) => spot.top + spot.height * (1 - (scaled(value) - low) / (high - low));
      spot.ticks = logarithmic ? decades(range) : ticks(range);
      return spot;
    });
  }

  /** The finite values' range with a little air; logarithmic where the chart asks for it and the values allow. */
  range(chart) {
    let [low, high] = [Infinity, -Infinity];
    for (const line of chart.lines) {
      for (const values of [line.values, line.upper ?? []]) {
        for (const value of values.length > this.last + 1 ? values.subarray(0, this.last + 1) : values) {
          if (Number.isFinite(value)) {
            if (value < low) low = value;
            if (value > high) high = value;
          }
        }
      }
    }
    if (low > high) return { range: [0, 1], logarithmic: false };
    // Half precision holds what lies between its limits; a zero is drawn at the lower edge.
    if (chart.limits) [low, high] = [chart.limits[0], Math.max(high, chart.limits[1])];
    const logarithmic = chart.log && low > 0;
    if (logarithmic) [low, high] = [Math.log10(low), Math.log10(high)];
    // What hardly changes is drawn as the flat line it is.
    const span = Math.max(high - low, (logarithmic ? 0.1 : 0.02) * Math.max(Math.abs(low), Math.abs(high))) || 1;
    const middle = (low + high) / 2;
    return { range: [middle - span * 0.56, middle + span * 0.56], logarithmic };
  }

  /** All lines once, on a canvas of their own: a frame then copies the part that is revealed. */
  paintLines() {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [this.element.clientWidth, this.element.clientHeight];
    this.axes = document.createElement("canvas");
    this.axes.width = Math.max(1, Math.round(width * ratio));
    this.axes.height = Math.max(1, Math.round(height * ratio));
    const ground = this.axes.getContext("2d");
    ground.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const spot of this.spots) this.paintAxes(ground, spot);
    this.lines.width = Math.max(1, Math.round(width * ratio));
    this.lines.height = Math.max(1, Math.round(height * ratio));
    const context = this.lines.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    for (const spot of this.spots) this.paintChart(context, spot, spot.left, spot.left + spot.width + 1);
  }

  /** A chart's lines between two edges in pixels. */
  paintChart(context, spot, left, right) {
    context.save();
    context.beginPath();
    context.rect(left, spot.top - 2, Math.max(0, right - left), spot.height + 4);
    context.clip();
    for (const line of spot.chart.lines) {
      if (line.upper) this.paintBetween(context, spot, line);
      else this.paintLine(context, spot, line);
    }
    context.restore();
  }

  /** All charts at a playhead on any context: a film's, or one that writes SVG. */
  paint(context, spots, position, step) {
    for (const spot of spots) {
      this.paintAxes(context, spot);
      const cursor = spot.left + (position / this.last) * spot.width;
      this.paintChart(context, spot, spot.left - 2, cursor);
      context.globalAlpha = 0.3;
      this.paintChart(context, spot, cursor, spot.left + spot.width + 3);
      context.globalAlpha = 1;
      context.strokeStyle = this.theme.quiet;
      context.lineWidth = 1;
      this.vertical(context, cursor, spot);
      this.head(context, spot, step, Math.floor(position));
    }
  }

  paintAxes(context, spot) {
    const { theme } = this;
    context.font = `${10 * this.bold}px ${theme.font}`;
    context.fillStyle = theme.quiet;
    context.strokeStyle = theme.grid;
    context.lineWidth = 1;
    context.textBaseline = "middle";
    context.textAlign = "right";
    for (const value of spot.ticks) {
      const y = Math.round(spot.y(value)) + 0.5;
      context.beginPath();
      context.moveTo(spot.left, y);
      context.lineTo(spot.left + spot.width, y);
      context.stroke();
      context.fillText(format(value, 4), spot.left - 4, y);
    }
    context.textBaseline = "top";
    for (const step of whole(this.last)) {
      const x = spot.left + (step / this.last) * spot.width;
      context.textAlign = x > spot.left + spot.width - 14 ? "right" : "center";
      context.fillText(String(step), x + (context.textAlign === "right" ? 8 : 0), spot.top + spot.height + 6);
      context.beginPath();
      context.moveTo(x, spot.top + spot.height);
      context.lineTo(x, spot.top + spot.height + 3);
      context.stroke();
    }
  }

  paintLine(context, spot, line) {
    context.strokeStyle = this.theme.variants?.[line.variant] ?? this.theme.line(line.quantity);
    context.fillStyle = context.strokeStyle;
    context.lineWidth = 1.5 * this.bold;
    context.setLineDash(line.dash ?? DASHES[line.column]);
    const perStep = spot.width / this.last;
    const place = (k) => spot.left + k * perStep;
    context.beginPath();
    let pen = false;
    for (const k of thinned(line.values, spot.width)) {
      const y = spot.y(line.values[k]);
      if (Number.isFinite(y)) {
        pen ? context.lineTo(place(k), y) : context.moveTo(place(k), y);
        pen = true;
      } else pen = false;
    }
    context.stroke();
    context.setLineDash([]);
    if (line.values.length <= 3) this.paintPoints(context, spot, line, place);
    if (line.letter) paintMarks(context, spot, line, place);
    else if (line.quantity === "u") this.paintBranches(context, spot, line, place);
  }

  /** The area between a line's values and its upper ones. */
  paintBetween(context, spot, line) {
    const perStep = spot.width / this.last;
    const every = Math.max(1, Math.floor(line.values.length / spot.width));
    const shown = Array.from(line.values.keys()).filter((k) => k % every === 0 && Number.isFinite(line.values[k]));
    context.beginPath();
    for (const k of shown) context.lineTo(spot.left + k * perStep, spot.y(line.upper[k]));
    for (const k of shown.reverse()) context.lineTo(spot.left + k * perStep, spot.y(line.values[k]));
    context.closePath();
    context.fillStyle = this.theme.line(line.quantity);
    const alpha = context.globalAlpha;
    context.globalAlpha = 0.16 * alpha;
    context.fill();
    context.globalAlpha = alpha;
  }

  /** One or two values make no line. */
  paintPoints(context, spot, line, place) {
    line.values.forEach((value, k) => {
      context.beginPath();
      context.arc(place(k), spot.y(value), 3, 0, 2 * Math.PI);
      context.fill();
    });
  }

  /** Dots where the gradient won the max; elsewhere beta_2 u did, and the line just fades. */
  paintBranches(context, spot, line, place) {
    let drawn = -Infinity;
    for (let k = 0; k < line.values.length; k++) {
      if (!this.run.branch(k, line.column)) continue;
      const x = place(k);
      if (x - drawn < 2.5) continue;
      drawn = x;
      context.beginPath();
      context.arc(x, spot.y(line.values[k]), 2.4, 0, 2 * Math.PI);
      context.fill();
    }
  }

  draw(position, step) {
    if (!this.ready) return;
    const context = cleared(this.canvas);
    const { theme } = this;
    const ratio = window.devicePixelRatio || 1;
    if (!this.concealed) context.drawImage(this.axes, 0, 0, this.axes.width / ratio, this.axes.height / ratio);
    for (const spot of this.spots) {
      if (this.concealed) {
        context.fillStyle = theme.panel;
        context.fillRect(spot.left, spot.top, spot.width, spot.height);
      }
      const cursor = spot.left + Math.min(1, position / this.last) * spot.width;
      const copy = (left, right, alpha) => {
        const [x, w] = [Math.round(left * ratio), Math.round((right - left) * ratio)];
        const [y, hgt] = [Math.round((spot.top - 3) * ratio), Math.round((spot.height + 6) * ratio)];
        if (w <= 0 || hgt <= 0) return;
        context.globalAlpha = alpha;
        context.drawImage(this.lines, x, y, w, hgt, x / ratio, y / ratio, w / ratio, hgt / ratio);
      };
      copy(spot.left - 2, cursor, 1);
      if (!this.concealed) copy(cursor, spot.left + spot.width + 3, 0.3);
      context.globalAlpha = 1;
      context.strokeStyle = theme.quiet;
      context.lineWidth = 1;
      this.vertical(context, cursor, spot);
      if (this.hovered !== null) {
        context.setLineDash([2, 3]);
        this.vertical(context, spot.left + (this.hovered / this.last) * spot.width, spot);
        context.setLineDash([]);
      }
      this.head(context, spot, this.hovered ?? step, this.hovered ?? Math.floor(position));
    }
  }

  vertical(context, x, spot) {
    context.beginPath();
    context.moveTo(x, spot.top - 2);
    context.lineTo(x, spot.top + spot.height);
    context.stroke();
  }

  /** Title at the left, the values at the cursor at the right, each in its colour. */
  head(context, spot, step, point) {
    const { theme } = this;
    const y = spot.top - 9 * this.bold;
    context.font = `600 ${12 * this.bold}px ${theme.font}`;
    context.fillStyle = theme.ink;
    context.textAlign = "left";
    context.textBaseline = "alphabetic";
    const edge = spot.left - LEFT * this.bold + 4;
    context.fillText(spot.chart.title, edge, y);
    if (this.concealed) return;
    const free = edge + context.measureText(spot.chart.title).width + 6;
    // The slower of two rates of a variant has no room of its own.
    const lines = spot.chart.lines.filter((one) => one.label && !(one.letter && one.quantity === "lr"));
    const [size, gap] = lines.length > 2 ? [10, 5] : [11, 10];
    context.font = `${size * this.bold}px ${theme.font}`;
    context.textAlign = "right";
    let right = spot.left + spot.width;
    const alone = new Set(spot.chart.lines.map((line) => line.quantity)).size === 1;
    for (const line of lines.reverse()) {
      // A line over points has one value more than there are steps.
      const at = Math.min(line.values.length > (line.steps ?? this.run.steps) ? point : step, line.values.length - 1);
      const digits = line.letter && spot.chart.lines.length > 2 ? 2 : 3;
      const text = `${line.letter ?? (alone && line.coordinate ? line.coordinate : line.label)} ${
        format(line.values[at], digits)
      }`;
      const width = context.measureText(text).width;
      if (right - width < free) break;
      context.fillStyle = theme.variants?.[line.variant] ?? theme.text(line.quantity);
      context.fillText(text, right, y);
      right -= width + gap;
    }
  }

  /** The charts in words, for those who can't see them. */
  describe() {
    this.summary.replaceChildren(
      ...this.charts.map((chart) => {
        const parts = chart.lines.filter((line) => line.label).map((line) => {
          const finite = Array.from(line.values).filter(Number.isFinite);
          if (!finite.length) return `${line.label}: no finite value`;
          const [low, high] = [finite.reduce((a, b) => Math.min(a, b)), finite.reduce((a, b) => Math.max(a, b))];
          return `${line.label} from ${format(finite[0])} to ${format(finite.at(-1))}, between ${format(low)} and ${
            format(high)
          }`;
        });
        return h("li", {}, `${chart.title}: ${parts.join("; ")}. ${chart.help}`);
      }),
    );
  }
}

/** Three to five round numbers on a linear axis. */
export function ticks([low, high]) {
  const raw = (high - low) / 3.5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].find((times) => times * power >= raw) * power;
  const values = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) values.push(Number((i * step).toPrecision(12)));
  return values;
}

/** Round steps from 0 to the last. */
function whole(last) {
  const values = ticks([0, last]).filter(Number.isInteger);
  return values.length > 1 ? values : [0, last];
}

/** The same on a logarithmic axis. */
function decades([low, high]) {
  const span = high - low;
  const digits = span > 2 ? [1] : span > 0.8 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const every = Math.max(1, Math.ceil(span / 4));
  const values = [];
  for (let power = Math.floor(low); power <= high; power++) {
    for (const digit of span > 2 && power % every ? [] : digits) {
      const value = Number(`${digit}e${power}`);
      if (Math.log10(value) >= low && Math.log10(value) <= high) values.push(value);
    }
  }
  const thin = Math.ceil(values.length / 5);
  return values.filter((_, i) => i % thin === 0);
}

/** Indices to draw: all, or the smallest and the largest of each pixel column. */
function* thinned(values, pixels) {
  const n = values.length;
  const bucket = Math.ceil(n / Math.max(1, pixels));
  if (bucket < 4) {
    for (let k = 0; k < n; k++) yield k;
    return;
  }
  for (let start = 0; start < n; start += bucket) {
    let [low, high] = [start, start];
    for (let k = start; k < Math.min(n, start + bucket); k++) {
      if (values[k] < values[low] || Number.isNaN(values[low])) low = k;
      if (values[k] > values[high] || Number.isNaN(values[high])) high = k;
    }
    yield Math.min(low, high);
    if (low !== high) yield Math.max(low, high);
  }
}
