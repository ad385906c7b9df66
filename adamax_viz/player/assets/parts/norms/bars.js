// Gradients as bars that one can draw, with the accumulators that follow from them, and the steps below.

import { pointIn } from "../../base/dom.js";
import { clamp, format } from "../../base/format.js";
import { accumulate } from "./norm.js";
import { begin, clipTo, finish, line, makeSpot, makeStage, writeRimmed } from "../../base/plot/plot.js";

/** @import { Pair, Spot, Theme } from "../../base/types.js" */
/** @import { Accumulated, Rates } from "./norm.js" */

/**
 * What is drawn: gradients, and what follows from them under both limits of p, 2 and infinity.
 * @typedef {object} Drawing
 * @property {number[]} gradients
 * @property {Rates} rates
 * @property {Theme} theme
 * @property {Accumulated[]} limits
 */

/** @typedef {(gradients: number[], final: boolean) => void} OnDraw `final` once the hand rests */

const AIR = 1.12; // of the largest value: what the axis goes up to
const FINE = 0.02; // of the axis: one press of an arrow key

export class Bars {
  /** @param {{onDraw: OnDraw}} callbacks when a hand has changed the gradients */
  constructor({ onDraw }) {
    this.onDraw = onDraw;
    this.at = 0; // the bar that keys change
    this.held = false; // the axis rests while a hand draws on it
    this.p = 2;
    /** @type {Drawing | null} */
    this.drawing = null;
    /** @type {Accumulated} under the chosen p */
    this.now = { u: new Float64Array(), step: new Float64Array() };
    /** @type {Pair} */
    this.range = [0, 1];
    const label = "Gradients. Left and right choose one, up and down change it; or draw with the pointer.";
    this.stage = makeStage(label, {
      class: "al-normstage al-bars",
      role: "slider",
      tabindex: 0,
      "aria-orientation": "vertical",
    });
    this.steps = makeStage("The steps as parts of the learning rate", { class: "al-normstage al-normsteps" });
    this.wire();
  }

  wire() {
    const { element, canvas } = this.stage;
    canvas.addEventListener("pointerdown", (event) => {
      if (!this.drawing) return;
      this.held = true;
      element.focus();
      canvas.setPointerCapture(event.pointerId);
      this.paint(event);
    });
    canvas.addEventListener("pointermove", (event) => this.held && this.paint(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        if (!this.held || !this.drawing) return;
        this.held = false;
        this.onDraw(this.drawing.gradients, true);
      });
    }
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("focus", () => this.draw());
    element.addEventListener("blur", () => this.draw());
  }

  /**
   * The bar under the pointer reaches up to it.
   * @param {PointerEvent} event
   */
  paint(event) {
    if (!this.drawing) return;
    const [x, y] = pointIn(event, this.stage.canvas);
    const spot = this.spot();
    const last = this.drawing.gradients.length - 1;
    this.at = clamp(Math.floor(((x - spot.left) / spot.width) * (last + 1)), 0, last);
    const [low, high] = this.range;
    const part = 1 - (y - spot.top) / spot.height;
    this.put(clamp(low + part * (high - low), low, high), false);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (!this.drawing) return;
    const { gradients } = this.drawing;
    const last = gradients.length - 1;
    /** @type {Record<string, number>} */
    const ways = { ArrowLeft: -1, ArrowRight: 1, Home: -last, End: last, PageDown: -10, PageUp: 10 };
    const along = ways[event.key];
    const up = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
    if (along === undefined && !up) return;
    event.preventDefault();
    event.stopPropagation();
    if (up) {
      const [low, high] = this.range;
      this.put(gradients[this.at] + up * FINE * (event.shiftKey ? 5 : 1) * (high - low), true);
      return;
    }
    this.at = clamp(this.at + along, 0, last);
    this.draw();
  }

  /**
   * @param {number} value
   * @param {boolean} final
   */
  put(value, final) {
    if (!this.drawing) return;
    this.onDraw(this.drawing.gradients.with(this.at, Number(value.toPrecision(3))), final);
  }

  /**
   * Take gradients, the rule's numbers and the theme; p comes with `draw`.
   * @param {number[]} gradients
   * @param {Rates} rates
   * @param {Theme} theme
   */
  take(gradients, rates, theme) {
    const limits = [2, Infinity].map((p) => accumulate(gradients, p, rates));
    this.drawing = { gradients, rates, theme, limits };
    this.at = Math.min(this.at, gradients.length - 1);
  }

  /** The gradients that are shown, once there are some. */
  get gradients() {
    return this.drawing?.gradients ?? null;
  }

  /** What follows from them under p = 2 and p = infinity. */
  get limits() {
    return this.drawing?.limits ?? [];
  }

  draw(p = this.p) {
    this.p = p;
    if (!this.drawing) return;
    const { gradients, rates } = this.drawing;
    this.now = accumulate(gradients, p, rates);
    this.drawBars(this.drawing);
    this.drawSteps(this.drawing);
    const { element } = this.stage;
    element.setAttribute("aria-valuenow", String(gradients[this.at]));
    element.setAttribute("aria-valuetext", `step ${this.at}: gradient ${format(gradients[this.at], 3)}`);
  }

  /** Where steps and values lie in the upper plot. */
  spot() {
    return makeSpot(this.stage.canvas, [-0.5, (this.drawing?.gradients.length ?? 1) - 0.5], this.range);
  }

  /** @param {Drawing} drawing */
  drawBars({ gradients, theme, limits }) {
    const { canvas, element } = this.stage;
    if (!this.held) this.range = rangeOf(gradients, limits.map(({ u }) => u));
    const spot = this.spot();
    const context = begin(canvas, spot, theme);
    const slot = spot.width / gradients.length;
    const chosen = element.matches(":focus") ? this.at : -1;
    clipTo(context, spot, () => {
      context.fillStyle = theme.line("grad");
      gradients.forEach((g, k) => {
        context.globalAlpha = k === chosen ? 1 : 0.62;
        const [top, bottom] = [spot.y(Math.max(g, 0)), spot.y(Math.min(g, 0))];
        context.fillRect(spot.x(k) - slot * 0.36, top, slot * 0.72, Math.max(bottom - top, 1));
      });
      context.globalAlpha = 1;
      context.strokeStyle = theme.quiet;
      line(context, [[spot.left, spot.y(0)], [spot.left + spot.width, spot.y(0)]]);
      drawCurves(context, spot, theme, "u", limits.map(({ u }) => u), this.now.u);
    });
    finish(context, spot, theme);
  }

  /** @param {Drawing} drawing */
  drawSteps({ gradients, theme, limits }) {
    const curves = [...limits, this.now].map(({ step }) => step);
    const largest = Math.max(1, ...curves.flatMap((values) => Array.from(values)).filter(Number.isFinite));
    const spot = makeSpot(this.steps.canvas, [-0.5, gradients.length - 0.5], [0, largest * AIR]);
    const context = begin(this.steps.canvas, spot, theme);
    clipTo(context, spot, () => {
      drawCurves(context, spot, theme, "step", limits.map(({ step }) => step), this.now.step);
    });
    finish(context, spot, theme);
  }
}

/**
 * Both limits thin and named, the norm in between thick.
 * @param {CanvasRenderingContext2D} context
 * @param {Spot} spot
 * @param {Theme} theme
 * @param {"u" | "step"} quantity
 * @param {Float64Array[]} limits
 * @param {Float64Array} now
 */
function drawCurves(context, spot, theme, quantity, limits, now) {
  const drawCurve = (/** @type {Float64Array} */ values) =>
    line(context, Array.from(values, (value, k) => [spot.x(k), spot.y(value)]));
  context.strokeStyle = theme.line(quantity);
  context.lineJoin = "round";
  context.lineWidth = 1.2;
  context.globalAlpha = 0.75;
  limits.forEach(drawCurve);
  context.globalAlpha = 1;
  context.lineWidth = 3;
  drawCurve(now);
  nameLimits(context, spot, theme, quantity, limits);
}

/**
 * Where the limits are furthest apart, each gets its name.
 * @param {CanvasRenderingContext2D} context
 * @param {Spot} spot
 * @param {Theme} theme
 * @param {"u" | "step"} quantity
 * @param {Float64Array[]} limits
 */
function nameLimits(context, spot, theme, quantity, [adam, adamax]) {
  const gaps = adam.map((value, k) => Math.abs(value - adamax[k]));
  const widest = gaps.reduce((best, gap, k) => (gap > gaps[best] ? k : best), 0);
  const [two, infinity] = [adam[widest], adamax[widest]];
  if (Math.abs(spot.y(two) - spot.y(infinity)) < 14) return;
  const rightwards = widest <= adam.length * 0.7;
  context.font = `600 11px ${theme.font}`;
  context.textAlign = rightwards ? "left" : "right";
  const x = spot.x(widest) + (rightwards ? 5 : -5);
  const style = { ink: theme.text(quantity), rim: theme.background, width: 4 };
  for (const [value, other, name] of /** @type {const} */ ([[two, infinity, "p = 2"], [infinity, two, "p = ∞"]])) {
    const above = value > other;
    context.textBaseline = above ? "bottom" : "top";
    writeRimmed(context, name, [x, spot.y(value) + (above ? -3 : 4)], style);
  }
}

/**
 * The axis: all bars and curves, and room to draw below zero.
 * @param {number[]} gradients
 * @param {Float64Array[]} curves
 * @returns {Pair}
 */
export function rangeOf(gradients, curves) {
  const high = Math.max(...gradients, ...curves.flatMap((values) => Array.from(values)), 0) || 1;
  const low = Math.min(...gradients, 0);
  return [Math.min(low * AIR, -0.25 * high), high * AIR];
}
