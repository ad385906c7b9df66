// @ts-check
// The surface with paths on it: Plotly draws contour and axes once a surface, a canvas above draws what moves.

import { clamp, cleared, format, h, sized } from "../../base/dom.js";
import { CONFIG } from "../../base/plotly.js";
import { Chips, drawArrows } from "./arrows.js";
import { ground, heightAt, layout } from "./contour.js";
import { drawHead, drawLabels, drawPath } from "./paths.js";
import { Start } from "./start.js";

/**
 * @import { Mapping, Pair, Path, Pen, Surface, SurfaceRun, Theme } from "../../base/types.js"
 * @import { Drawable } from "./arrows.js"
 * @typedef {object} Taken what a landscape shows
 * @property {any} Plotly
 * @property {SurfaceRun} run whose arrows are drawn
 * @property {Path[]} [beside] others, drawn under it
 * @property {Pair} start
 * @property {[Pair, Pair]} window what is in sight at first
 * @property {Theme} theme
 *
 * @typedef {object} Hands what people do on a landscape
 * @property {(start: Pair, final: boolean) => void} onStart while the start is dragged
 * @property {(step: number) => void} onJump when a path is clicked
 * @property {() => void} onRedraw when it must be drawn again
 */

const LABELLED = 4; // more paths than these have their labels at their heads
const NEAR = 16; // pixels around a path that a click may miss
const STILL = 4; // pixels that a click may move

export class Landscape {
  /** @type {SurfaceRun} */
  run;
  /** @type {Path[]} */
  beside = [];
  /** @type {Surface} */
  surface;
  /** @type {Theme} */
  theme;
  /** @type {[Pair, Pair]} what is in sight at first */
  home;
  /** @type {[Pair, Pair]} the same when the surface was drawn */
  window;
  /** @type {any} */
  Plotly;
  /** @type {string | null} what the drawn surface depends on */
  key = null;
  /** @type {string | null} the surface, whatever its step */
  plane = null;
  revision = 0;
  ready = false;
  listening = false;
  size = 0;
  concealed = false;
  future = true;
  bold = 1;
  tight = false;
  /** @type {Pair | null} where a press began */
  pressed = null;
  /** @type {((point: Pair) => void) | null} while a place is asked for */
  onGuess = null;
  /** @type {(() => void) | null} when pixels of points have changed */
  onPlace = null;
  /** @type {((context: Pen, at: Mapping, theme: Theme) => void) | null} draws a prediction's guess and truth */
  marks = null;

  /** @type {HTMLElement & {on?: Function, _fullLayout?: any}} Plotly's own */
  plot = h("div", { class: "al-plot" });
  canvas = sized(h("canvas", { class: "al-overlay", "aria-hidden": "true" }));
  readout = h("div", { class: "al-readout" });
  stage = h("div", {
    class: "al-stage",
    role: "img",
    "aria-label": "Landscape",
    onpointermove: (event) => this.read(event),
    onpointerleave: () => (this.readout.textContent = ""),
  });
  onRelease = (/** @type {PointerEvent} */ event) => this.click(event);

  /** @param {Hands} hands */
  constructor({ onStart, onJump, onRedraw }) {
    this.onJump = onJump;
    this.onRedraw = onRedraw;
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
    const zoom = (/** @type {string} */ label, /** @type {string} */ text, /** @type {() => void} */ action) =>
      h(
        "button",
        { type: "button", class: "al-button al-small", "aria-label": label, title: label, onclick: action },
        text,
      );
    this.stage.append(
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
    this.stage.addEventListener("pointerdown", (event) => this.press(event), true);
    // While it is pressed, Plotly covers the whole page: the release arrives there.
    window.addEventListener("pointerup", this.onRelease, true);
    return h("div", { class: "al-landscape" }, this.stage, this.chips.element);
  }

  /**
   * How the page wants it: `concealed` while a prediction is asked for, `future` whether the path still to come shows,
   * `bold` how much larger head and lines are.
   * @param {{concealed: boolean, future: boolean, bold: number}} look
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

  /**
   * The surface as it is at another step.
   * @param {Surface} surface
   */
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
        this.plot.on?.(event, () => {
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

  /** @param {number} factor of what is in sight */
  zoom(factor) {
    const { xaxis, yaxis } = this.axes();
    const around = (/** @type {{range: (string | number)[]}} */ axis) => {
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
    const short = (/** @type {number} */ value, /** @type {number} */ span) =>
      Number(value.toPrecision(Math.max(3, Math.ceil(Math.log10(Math.abs(value) / span || 1)) + 4)));
    const x = xaxis.p2d(clamp(event.clientX - box.left - xaxis._offset, 0, xaxis._length));
    const y = yaxis.p2d(clamp(event.clientY - box.top - yaxis._offset, 0, yaxis._length));
    return [short(x, xaxis.range[1] - xaxis.range[0]), short(y, yaxis.range[1] - yaxis.range[0])];
  }

  /**
   * Where a point is on the page, in pixels; null before there is a picture.
   * @param {Pair} point
   * @returns {Pair | null}
   */
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

  /** @param {PointerEvent} event */
  read(event) {
    if (!this.ready || this.start.dragging) return;
    const [x, y] = this.pointAt(event);
    const height = heightAt(this.surface, [x, y]);
    const value = Number.isNaN(height) ? "" : `  f ≈ ${format(height, 3)}`;
    this.readout.textContent = `x ${format(x, 3)}  y ${format(y, 3)}${value}`;
  }

  /** @param {PointerEvent} event */
  press(event) {
    const inside = /** @type {Element} */ (event.target).closest("button");
    this.pressed = inside ? null : [event.clientX, event.clientY];
  }

  /** @param {PointerEvent} event */
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

  /**
   * The step of a path that lies under an event, or null.
   * @param {PointerEvent} event
   */
  nearest(event) {
    const box = this.stage.getBoundingClientRect();
    const [px, py] = [event.clientX - box.left, event.clientY - box.top];
    const at = this.mapping();
    let best = NEAR;
    /** @type {number | null} */
    let nearest = null;
    for (const { theta, steps } of [this.run, ...this.beside]) {
      for (let k = 0; k <= steps; k++) {
        const distance = Math.hypot(at.x(theta(k, 0)) - px, at.y(theta(k, 1)) - py);
        if (distance < best) [best, nearest] = [distance, k];
      }
    }
    return nearest;
  }

  /**
   * What is drawn at the head, as [name, label, title].
   * @returns {[Drawable, string, string][]}
   */
  legend() {
    return this.chips.of(this.run).filter(([name]) => this.chips.shown[name]);
  }

  /**
   * Everything that moves, for a (fractional) playhead.
   * @param {number} position
   * @param {number} step
   */
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
    const heads = others.map((other) => {
      const head = drawPath(context, other, position, look);
      drawHead(context, other, head, look);
      return { run: other, head };
    });
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
    this.Plotly?.purge(this.plot);
  }
}
