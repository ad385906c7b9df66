// Gradients as bars that one can draw, with the accumulators that follow from them, and the steps below.

import { clamp, format } from "../../base/dom.js";
import { accumulate } from "../../base/norm.js";
import { begin, clipTo, finish, line, makeSpot, makeStage } from "../../base/plot.js";

const AIR = 1.12; // of the largest value: what the axis goes up to
const FINE = 0.02; // of the axis: one press of an arrow key

export class Bars {
  /** `onDraw(gradients, final)` when a hand has changed them; `final` once it rests. */
  constructor({ onDraw }) {
    this.onDraw = onDraw;
    this.at = 0;
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
    const paint = (event) => {
      const box = canvas.getBoundingClientRect();
      const slot = this.spot.width / this.gradients.length;
      this.at = clamp(Math.floor((event.clientX - box.left - this.spot.left) / slot), 0, this.gradients.length - 1);
      const [low, high] = this.spot.yRange;
      const part = 1 - (event.clientY - box.top - this.spot.top) / this.spot.height;
      this.put(clamp(low + part * (high - low), low, high), false);
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (!this.spot) return;
      this.held = true; // the axis rests while a hand draws on it
      element.focus();
      canvas.setPointerCapture(event.pointerId);
      paint(event);
    });
    canvas.addEventListener("pointermove", (event) => this.held && paint(event));
    for (const end of ["pointerup", "pointercancel"]) {
      canvas.addEventListener(end, () => {
        if (!this.held) return;
        this.held = false;
        this.onDraw(Array.from(this.gradients), true);
      });
    }
    element.addEventListener("keydown", (event) => this.key(event));
    element.addEventListener("focus", () => this.draw());
    element.addEventListener("blur", () => this.draw());
  }

  key(event) {
    const last = this.gradients.length - 1;
    const along = { ArrowLeft: -1, ArrowRight: 1, Home: -last, End: last, PageDown: -10, PageUp: 10 }[event.key];
    const up = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (along === undefined && up === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    if (along !== undefined) {
      this.at = clamp(this.at + along, 0, last);
      this.draw();
      return;
    }
    const [low, high] = this.spot.yRange;
    this.put(this.gradients[this.at] + up * FINE * (event.shiftKey ? 5 : 1) * (high - low), true);
  }

  put(value, final) {
    const drawn = Array.from(this.gradients);
    drawn[this.at] = Number(value.toPrecision(3));
    this.onDraw(drawn, final);
  }

  /** Take gradients, the rule's numbers and the theme; p comes with `draw`. */
  take(gradients, rates, theme) {
    Object.assign(this, { gradients, rates, theme });
    this.at = Math.min(this.at, gradients.length - 1);
    this.limits = [2, Infinity].map((p) => accumulate(gradients, p, rates));
  }

  draw(p = this.p) {
    this.p = p;
    if (!this.gradients) return;
    this.now = accumulate(this.gradients, p, this.rates);
    this.drawBars();
    this.drawSteps();
    const { element } = this.stage;
    element.setAttribute("aria-valuenow", this.gradients[this.at]);
    element.setAttribute("aria-valuetext", `step ${this.at}: gradient ${format(this.gradients[this.at], 3)}`);
  }

  drawBars() {
    const { gradients, theme, now, limits } = this;
    const { canvas, element } = this.stage;
    if (!this.held) this.range = reach(gradients, limits.map((one) => one.u));
    const spot = (this.spot = makeSpot(canvas, [-0.5, gradients.length - 0.5], this.range));
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
      this.curves(context, spot, "u", limits.map((one) => one.u), now.u);
    });
    finish(context, spot, theme);
  }

  drawSteps() {
    const { theme, now, limits, gradients } = this;
    const { canvas } = this.steps;
    const largest = Math.max(
      ...[...limits, now].map((one) => Math.max(...one.step.map((v) => (Number.isFinite(v) ? v : 0)))),
      1,
    );
    const spot = makeSpot(canvas, [-0.5, gradients.length - 0.5], [0, largest * AIR]);
    const context = begin(canvas, spot, theme);
    clipTo(context, spot, () => this.curves(context, spot, "step", limits.map((one) => one.step), now.step));
    finish(context, spot, theme);
  }

  /** Both limits thin and named, the norm in between thick. */
  curves(context, spot, quantity, limits, now) {
    const { theme } = this;
    const points = (values) => Array.from(values, (value, k) => [spot.x(k), spot.y(value)]);
    context.strokeStyle = theme.line(quantity);
    context.lineJoin = "round";
    limits.forEach((values) => {
      context.lineWidth = 1.2;
      context.globalAlpha = 0.75;
      line(context, points(values));
    });
    context.globalAlpha = 1;
    context.lineWidth = 3;
    line(context, points(now));
    this.names(context, spot, quantity, limits);
  }

  /** Where the limits are furthest apart, each gets its name. */
  names(context, spot, quantity, [adam, adamax]) {
    const { theme } = this;
    let best = 0;
    adam.forEach((value, k) => {
      if (Math.abs(value - adamax[k]) > Math.abs(adam[best] - adamax[best])) best = k;
    });
    if (Math.abs(spot.y(adam[best]) - spot.y(adamax[best])) < 14) return;
    context.font = `600 11px ${theme.font}`;
    context.fillStyle = theme.text(quantity);
    context.textAlign = best > adam.length * 0.7 ? "right" : "left";
    const x = spot.x(best) + (context.textAlign === "left" ? 5 : -5);
    const above = adam[best] > adamax[best];
    for (const [value, name, over] of [[adam[best], "p = 2", above], [adamax[best], "p = ∞", !above]]) {
      context.textBaseline = over ? "bottom" : "top";
      const y = spot.y(value) + (over ? -3 : 4);
      context.lineWidth = 4;
      context.strokeStyle = theme.background;
      context.strokeText(name, x, y);
      context.fillText(name, x, y);
    }
  }
}

/** The axis: all bars and curves, and room to draw below zero. */
function reach(gradients, curves) {
  const high = Math.max(...gradients, ...curves.flatMap((values) => Array.from(values)), 0) || 1;
  const low = Math.min(...gradients, 0);
  return [Math.min(low * AIR, -0.25 * high), high * AIR];
}
