// The surface with paths on it: Plotly draws contour and axes once a surface, a canvas above draws what moves.

import { clamp, cleared, format, h, sized } from "../../base/dom.js";
import { CONFIG } from "../../base/plotly.js";
import { Chips, drawArrows } from "./arrows.js";
import { ground, heightAt, layout } from "./contour.js";
import { drawHead, drawLabels, drawPath } from "./paths.js";
import { Start } from "./start.js";

/**
 * @import { Mapping, Pair, Pen, Run, Theme } from "../../base/types.js"
 * @typedef {object} Taken what a landscape shows
 * @property {any} Plotly
 * @property {Run} run whose arrows are drawn
 * @property {Run[]} [beside] others, drawn under it
 * @property {Pair} start
 * @property {[Pair, Pair]} window what is in sight at first
 * @property {Theme} theme
 */

const LABELLED = 4; // more paths than these have their labels at their heads
const NEAR = 16; // pixels around a path that a click may miss
const STILL = 4; // pixels that a click may move

export class Landscape {
  /**
   * `onStart([x, y], final)` while the start is dragged, `onJump(step)` when a path is clicked, `onRedraw()` when it
   * must be drawn again.
   */
  constructor({ onStart, onJump, onRedraw }) {
    Object.assign(this, { onJump, onRedraw });
    this.beside = [];
    this.key = null;
    this.revision = 0;
    this.ready = false;
    Object.assign(this, { concealed: false, future: true, bold: 1, tight: false });
    this.chips = new Chips(onRedraw);
    this.start = new Start({
      pointAt: (event) => this.pointAt(event),
      domain: () => this.surface.domain,
      onMove: (point, final) => {
        this.placeHandles();
        onStart(point, final);
      },
    });
    this.element = this.build();
  }

  build() {
    const zoom = (label, text, action) =>
      h(
        "button",
        { type: "button", class: "al-button al-small", "aria-label": label, title: label, onclick: action },
        text,
      );
    this.plot = h("div", { class: "al-plot" });
    this.canvas = sized(h("canvas", { class: "al-overlay", "aria-hidden": "true" }));
    this.readout = h("div", { class: "al-readout" });
    this.stage = h(
      "div",
      {
        class: "al-stage",
        role: "img",
        "aria-label": "Landscape",
        onpointermove: (event) => this.read(event),
        onpointerleave: () => (this.readout.textContent = ""),
      },
      this.plot,
      this.canvas,
      this.start.element,
      h(
        "div",
        { class: "al-zoom" },
        zoom("Zoom in", "+", () => this.zoom(0.6)),
        zoom("Zoom out", "−", () => this.zoom(1 / 0.6)),
        zoom("Show all", "⌂", () => this.resetZoom()),
      ),
      this.readout,
    );
    // Plotly keeps clicks for itself; a press and a release at the same place is one.
    const press = (event) => (this.pressed = event.target.closest("button") ? null : [event.clientX, event.clientY]);
    this.stage.addEventListener("pointerdown", press, true);
    // While it is pressed, Plotly covers the whole page: the release arrives there.
    this.onRelease = (event) => this.click(event);
    window.addEventListener("pointerup", this.onRelease, true);
    return h("div", { class: "al-landscape" }, this.stage, this.chips.element);
  }

  /**
   * How the page wants it: `concealed` while a prediction is asked for, `future` whether the path still to come shows,
   * `bold` how much larger head and lines are.
   */
  look({ concealed, future, bold }) {
    Object.assign(this, { concealed, future: future && !concealed, bold });
    this.start.element.classList.toggle("al-off", concealed);
  }

  /** Begin anew, with the whole surface in sight. */
  reset() {
    this.key = this.plane = null;
  }

  /**
   * Take runs; those of the same surface cost no more than the next drawing.
   * @param {Taken} taken
   */
  async take(taken) {
    this.hold(taken);
    const { Plotly, run, theme, window } = taken;
    const key = `${run.surface.key}|${theme.name}|${this.bold}|${this.tight}`;
    const plane = run.surface.key.split("@")[0];
    if (key === this.key) {
      this.placeHandles();
      return;
    }
    if (plane !== this.plane) {
      this.revision += 1;
      this.window = window;
    }
    Object.assign(this, { Plotly, key, plane });
    await this.render();
  }

  /**
   * Take runs without drawing their surface: the landscape is out of sight.
   * @param {Taken} taken
   */
  hold({ run, beside = [], start, window, theme }) {
    Object.assign(this, { run, beside, theme, surface: run.surface, home: window });
    this.start.take(start);
    this.chips.take(run, beside);
  }

  /** The surface as it is at another step. */
  async follow(surface) {
    this.run.surface = surface;
    const { Plotly, run, beside, theme } = this;
    await this.take({ Plotly, run, beside, start: this.start.point, window: this.home, theme });
  }

  async render() {
    const { surface, theme, Plotly } = this;
    this.size = this.plot.clientWidth;
    await Plotly.react(this.plot, ground(surface, theme), this.layout(), CONFIG);
    this.ready = true;
    if (!this.listening) {
      this.listening = true;
      for (const event of ["plotly_relayouting", "plotly_relayout"]) {
        this.plot.on(event, () => {
          this.placeHandles();
          this.onRedraw();
        });
      }
    }
    this.placeHandles();
  }

  layout() {
    const { clientWidth: width, clientHeight: height } = this.plot;
    const { window, theme, bold, tight, revision } = this;
    return layout({ width, height, window, theme, bold, tight, revision });
  }

  resize() {
    if (!this.ready || !this.plot.clientWidth || this.plot.clientWidth === this.size) return;
    this.size = this.plot.clientWidth;
    this.Plotly.relayout(this.plot, { width: this.plot.clientWidth, height: this.plot.clientHeight });
  }

  zoom(factor) {
    const { xaxis, yaxis } = this.axes();
    const around = (axis) => {
      const [low, high] = axis.range.map(Number);
      const [middle, half] = [(low + high) / 2, ((high - low) / 2) * factor];
      return [middle - half, middle + half];
    };
    this.Plotly.relayout(this.plot, { "xaxis.range": around(xaxis), "yaxis.range": around(yaxis) });
  }

  resetZoom() {
    if (!this.ready) return;
    this.Plotly.relayout(this.plot, { "xaxis.range": [...this.home[0]], "yaxis.range": [...this.home[1]] });
  }

  axes() {
    return this.plot._fullLayout;
  }

  /**
   * Data to pixels of the stage, with Plotly's own axes.
   * @returns {Mapping}
   */
  mapping() {
    const { xaxis, yaxis } = this.axes();
    return {
      x: (value) => xaxis._offset + xaxis.d2p(value),
      y: (value) => yaxis._offset + yaxis.d2p(value),
      left: xaxis._offset,
      top: yaxis._offset,
      width: xaxis._length,
      height: yaxis._length,
      perX: xaxis._length / (xaxis.range[1] - xaxis.range[0]),
      perY: yaxis._length / (yaxis.range[1] - yaxis.range[0]),
    };
  }

  /**
   * The point under an event, with as many digits as its pixel is worth.
   * @param {MouseEvent} event
   * @returns {Pair}
   */
  pointAt(event) {
    const { xaxis, yaxis } = this.axes();
    const box = this.stage.getBoundingClientRect();
    const short = (value, span) =>
      Number(value.toPrecision(Math.max(3, Math.ceil(Math.log10(Math.abs(value) / span || 1)) + 4)));
    const x = xaxis.p2d(clamp(event.clientX - box.left - xaxis._offset, 0, xaxis._length));
    const y = yaxis.p2d(clamp(event.clientY - box.top - yaxis._offset, 0, yaxis._length));
    return [short(x, xaxis.range[1] - xaxis.range[0]), short(y, yaxis.range[1] - yaxis.range[0])];
  }

  /** Where a point is on the page, in pixels; null before there is a picture. */
  pixel([x, y]) {
    if (!this.ready) return null;
    const [at, box] = [this.mapping(), this.stage.getBoundingClientRect()];
    return [box.left + at.x(x), box.top + at.y(y)];
  }

  placeHandles() {
    if (!this.ready) return;
    this.start.draw(this.mapping());
    this.onPlace?.();
  }

  read(event) {
    if (!this.ready || this.start.dragging) return;
    const [x, y] = this.pointAt(event);
    const height = heightAt(this.surface, [x, y]);
    const value = Number.isNaN(height) ? "" : `  f ≈ ${format(height, 3)}`;
    this.readout.textContent = `x ${format(x, 3)}  y ${format(y, 3)}${value}`;
  }

  click(event) {
    const pressed = this.pressed;
    this.pressed = null;
    if (!this.ready || !pressed) return;
    if (Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > STILL) return;
    if (this.onGuess) {
      this.onGuess(this.pointAt(event));
      return;
    }
    if (this.concealed) return;
    const step = this.nearest(event);
    if (step !== null) this.onJump(step);
  }

  /** The step of a path that lies under an event, or null. */
  nearest(event) {
    const box = this.stage.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const at = this.mapping();
    let [best, nearest] = [NEAR, null];
    for (const { theta, steps } of [this.run, ...this.beside]) {
      for (let k = 0; k <= steps; k++) {
        const distance = Math.hypot(at.x(theta(k, 0)) - px, at.y(theta(k, 1)) - py);
        if (distance < best) [best, nearest] = [distance, k];
      }
    }
    return nearest;
  }

  /** What is drawn at the head, as [name, label, title]. */
  legend() {
    return this.chips.of(this.run).filter(([name]) => this.chips.shown[name]);
  }

  /** Everything that moves, for a (fractional) playhead. */
  draw(position, step) {
    if (!this.ready) return;
    this.chips.draw(this.paint(cleared(this.canvas), this.mapping(), position, step));
  }

  /**
   * The same on any pen, the screen's, a film's, or one that writes SVG; gives how many times the step is enlarged.
   * @param {Pen} context
   * @param {Mapping} at maps data to its pixels
   * @param {number} position
   * @param {number} step
   */
  paint(context, at, position, step) {
    const { run, theme, bold, future, concealed, chips: { shown } } = this;
    const look = { at, theme, bold, future, shown, concealed, average: shown.ema && !concealed };
    const others = concealed ? [] : this.beside;
    context.save();
    context.beginPath();
    context.rect(at.left, at.top, at.width, at.height);
    context.clip();
    context.lineJoin = "round";
    const heads = [];
    for (const other of others) {
      heads.push({ run: other, head: drawPath(context, other, position, look) });
      drawHead(context, other, heads.at(-1).head, look);
    }
    const head = drawPath(context, run, position, look);
    const enlarged = drawArrows(context, run, head, Math.min(step, run.steps - 1), look);
    drawHead(context, run, head, look);
    if (run.letter && others.length >= LABELLED) drawLabels(context, [...heads, { run, head }], look);
    this.marks?.(context, at, theme); // a prediction's guess and truth
    context.restore();
    return enlarged;
  }

  remove() {
    window.removeEventListener("pointerup", this.onRelease, true);
    window.Plotly?.purge(this.plot);
  }
}
