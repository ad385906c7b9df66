// Gradients as bars that one can draw, with the accumulators that follow from them, and the steps below.

import { pointIn } from "../../base/dom.js";
import { clamp, format } from "../../base/format.js";
import { drawPlot, line, makeSpot, Stage, write } from "../../base/plot/plot.js";
import { accumulate } from "./norm.js";

/**
 * @import { Pair } from "../../base/types.js"
 * @import { Plot } from "../../base/plot/plot.js"
 * @import { Norms } from "../../scenes/norms.js"
 * @import { Accumulated } from "./norm.js"
 */

const AIR = 1.12; // of the largest value: what the axis goes up to
const FINE = 0.02; // of the axis: one press of an arrow key

export class Bars extends Stage {
  at = 0; // the bar that keys change
  held = false; // the axis rests while a hand draws on it
  /** @type {number[]} */
  gradients = [];
  /** @type {Accumulated[]} under p = 2 and p = infinity */
  limits;
  /** @type {Accumulated} under the chosen p */
  now = { u: new Float64Array(), step: new Float64Array() };
  /** @type {Pair} */
  range = [0, 1];

  /** @param {Norms} scene */
  constructor(scene) {
    super({
      class: "al-normstage al-bars",
      role: "slider",
      tabindex: 0,
      "aria-label": "Gradients. Left and right choose one, up and down change it; or draw with the pointer.",
      "aria-orientation": "vertical",
    });
    this.scene = scene;
    this.steps = new Stage({
      class: "al-normstage al-normsteps",
      "aria-label": "The steps as parts of the learning rate",
    });
    this.canvas.addEventListener("pointerdown", (event) => {
      this.held = true;
      this.element.focus();
      this.canvas.setPointerCapture(event.pointerId);
      this.paint(event);
    });
    this.canvas.addEventListener("pointermove", (event) => this.held && this.paint(event));
    this.canvas.addEventListener("lostpointercapture", () => {
      if (!this.held) return;
      this.held = false;
      this.scene.takeDrawn(this.gradients, true);
    });
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("focus", () => this.draw());
    this.element.addEventListener("blur", () => this.draw());
  }

  /**
   * The bar under the pointer reaches up to it.
   * @param {PointerEvent} event
   */
  paint(event) {
    const [x, y] = pointIn(event, this.canvas);
    const { left, top, width, height } = this.spot;
    const [low, high] = this.range;
    const count = this.gradients.length;
    this.at = clamp(Math.floor(((x - left) / width) * count), 0, count - 1);
    this.put(clamp(high - ((y - top) / height) * (high - low), low, high), false);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const { gradients, range: [low, high] } = this;
    const last = gradients.length - 1;
    const fine = FINE * (event.shiftKey ? 5 : 1) * (high - low);
    /** @type {Record<string, number>} */
    const along = { ArrowLeft: -1, ArrowRight: 1, Home: -last, End: last, PageDown: -10, PageUp: 10 };
    /** @type {Record<string, number>} */
    const up = { ArrowUp: fine, ArrowDown: -fine };
    if (event.key in up) this.put(gradients[this.at] + up[event.key], true);
    else if (event.key in along) {
      this.at = clamp(this.at + along[event.key], 0, last);
      this.draw();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @type {(value: number, final: boolean) => void} */
  put(value, final) {
    this.scene.takeDrawn(this.gradients.with(this.at, Number(value.toPrecision(3))), final);
  }

  /** @param {number[]} gradients */
  take(gradients) {
    this.gradients = gradients;
    this.limits = [2, Infinity].map((p) => this.accumulated(p));
    this.at = Math.min(this.at, gradients.length - 1);
  }

  /** @param {number} p */
  accumulated(p) {
    return accumulate(this.gradients, p, this.scene.payload.header.rates);
  }

  draw() {
    const { gradients, limits, canvas, element, at, scene: { p, root: { theme } } } = this;
    this.now = this.accumulated(p);
    if (!this.held) this.range = rangeOf(gradients, limits.map(({ u }) => u));
    drawPlot(canvas, this.spot, theme, (plot) => this.drawBars(plot));
    const largest = Math.max(1, ...[...limits, this.now].flatMap(({ step }) => [...step]).filter(Number.isFinite));
    const below = makeSpot(this.steps.canvas, this.places, [0, largest * AIR]);
    drawPlot(this.steps.canvas, below, theme, (plot) => this.drawCurves(plot, "step"));
    element.setAttribute("aria-valuenow", String(gradients[at]));
    element.setAttribute("aria-valuetext", `step ${at}: gradient ${format(gradients[at], 3)}`);
  }

  /** @returns {Pair} the axis of the steps */
  get places() {
    return [-0.5, this.gradients.length - 0.5];
  }

  get spot() {
    return makeSpot(this.canvas, this.places, this.range);
  }

  /** @param {Plot} plot */
  drawBars(plot) {
    const { context, theme, x, y, left, width } = plot;
    const slot = width / this.gradients.length;
    const chosen = this.element.matches(":focus") ? this.at : -1;
    context.fillStyle = theme.line("grad");
    this.gradients.forEach((g, k) => {
      context.globalAlpha = k === chosen ? 1 : 0.62;
      const [top, bottom] = [y(Math.max(g, 0)), y(Math.min(g, 0))];
      context.fillRect(x(k) - slot * 0.36, top, slot * 0.72, Math.max(bottom - top, 1));
    });
    context.globalAlpha = 1;
    line(context, [[left, y(0)], [left + width, y(0)]], { colour: theme.quiet });
    this.drawCurves(plot, "u");
  }

  /** @type {(plot: Plot, quantity: "u" | "step") => void} both limits thin and named, the norm in between thick */
  drawCurves(plot, quantity) {
    const { context, theme, x, y } = plot;
    const places = (/** @type {Accumulated} */ { [quantity]: values }) =>
      Array.from(values, (value, k) => [x(k), y(value)]);
    const colour = theme.line(quantity);
    const [two, infinity] = this.limits.map(places);
    context.lineJoin = "round";
    for (const limit of [two, infinity]) line(context, limit, { colour, width: 1.2, alpha: 0.75 });
    line(context, places(this.now), { colour, width: 3 });
    nameLimits(plot, theme.text(quantity), two, infinity);
  }
}

/** @type {(plot: Plot, colour: string, two: number[][], infinity: number[][]) => void} where they are furthest apart */
function nameLimits({ context, theme }, colour, two, infinity) {
  const gaps = two.map(([, y], k) => Math.abs(y - infinity[k][1]));
  const widest = gaps.reduce((best, gap, k) => (gap > gaps[best] ? k : best), 0);
  if (gaps[widest] < 14) return;
  const rightwards = widest <= two.length * 0.7;
  const style = { font: `600 11px ${theme.font}`, colour, rim: theme.background };
  /** @type {(text: string, place: number[], other: number[]) => void} */
  const name = (text, [x, y], [, other]) =>
    write(context, text, [x + (rightwards ? 5 : -5), y + (y < other ? -3 : 4)], {
      ...style,
      align: rightwards ? "left" : "right",
      baseline: y < other ? "bottom" : "top",
    });
  name("p = 2", two[widest], infinity[widest]);
  name("p = ∞", infinity[widest], two[widest]);
}

/** @type {(gradients: number[], curves: Float64Array[]) => Pair} the axis: all of them, and room to draw below zero */
export function rangeOf(gradients, curves) {
  const high = Math.max(...gradients, ...curves.flatMap((values) => [...values]), 0) || 1;
  const low = Math.min(...gradients, 0);
  return [Math.min(low * AIR, -0.25 * high), high * AIR];
}
