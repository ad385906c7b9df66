// The surface with paths on it: Plotly draws contour and axes once a surface, a canvas above draws what moves.

import { cleared, elementOf, h, pointIn, sized } from "../../base/dom.js";
import { format } from "../../base/format.js";
import { Chips, drawArrows } from "./arrows.js";
import { heightAt } from "./contour.js";
import { Graph } from "./graph.js";
import { drawHead, drawLabels, drawPath } from "./paths.js";
import { Start } from "./start.js";

/**
 * @import { Mapping, Pair, Path, Pen, Surface, SurfaceRun, Theme } from "../../base/types.js"
 * @import { Plotly } from "../../base/plotly.js"
 *
 * @typedef {object} Hands
 * @property {(start: Pair, final: boolean) => void} onStart while the start is dragged
 * @property {(step: number) => void} onJump when a path is clicked
 * @property {() => void} onRedraw when it must be drawn again
 *
 * @typedef {object} Taken what a landscape shows
 * @property {Plotly} Plotly
 * @property {SurfaceRun} run whose arrows are drawn
 * @property {Path[]} [beside] others, drawn under it
 * @property {Pair} start
 * @property {[Pair, Pair]} window what is in sight at first
 * @property {Theme} theme
 */

const LABELLED = 4; // more paths than these have their labels at their heads
const NEAR = 16; // pixels around a path that a click may miss
const STILL = 4; // pixels that a click may move
const CLOSER = 0.6; // of what is in sight: one press of +

export class Landscape {
  /** @type {Taken} */
  taken;
  /** @type {SurfaceRun} */
  run;
  /** @type {Path[]} */
  beside = [];
  /** @type {Theme} */
  theme;
  concealed = false;
  future = true;
  bold = 1;
  tight = false; // whether many landscapes share the room
  /** @type {Pair | null} where on the page a button of the mouse went down */
  pressed = null;
  /** @type {((point: Pair) => void) | null} when a click is a guess */
  onGuess = null;
  /** @type {(() => void) | undefined} when what lies on the picture has to be placed anew */
  onPlace = undefined;
  /** @type {((context: Pen, at: Mapping, theme: Theme) => void) | undefined} draws on top of the paths */
  marks = undefined;

  /** @param {Hands} hands */
  constructor({ onStart, onJump, onRedraw }) {
    this.onJump = onJump;
    this.graph = new Graph(() => {
      this.placeHandles();
      onRedraw();
    });
    this.chips = new Chips(onRedraw);
    this.start = new Start({
      pointAt: (event) => this.graph.pointAt(event),
      domain: () => this.run.surface.domain,
      onMove: (point, final) => {
        this.placeHandles();
        onStart(point, final);
      },
    });
    this.canvas = sized(h("canvas", { class: "al-overlay", "aria-hidden": "true" }));
    this.readout = h("div", { class: "al-readout" });
    this.stage = this.build();
    this.element = h("div", { class: "al-landscape" }, this.stage, this.chips.element);
    // While it is pressed, Plotly covers the whole page: the release arrives there.
    this.onRelease = (/** @type {PointerEvent} */ event) => this.click(event);
    window.addEventListener("pointerup", this.onRelease, true);
  }

  build() {
    /**
     * @param {string} label
     * @param {string} text
     * @param {() => void} action
     */
    const button = (label, text, action) =>
      h(
        "button",
        { type: "button", class: "al-button al-small", "aria-label": label, title: label, onclick: action },
        text,
      );
    const stage = h(
      "div",
      {
        class: "al-stage",
        role: "img",
        "aria-label": "Landscape",
        onpointermove: (event) => this.read(event),
        onpointerleave: () => (this.readout.textContent = ""),
      },
      this.graph.element,
      this.canvas,
      this.start.element,
      h(
        "div",
        { class: "al-zoom" },
        button("Zoom in", "+", () => this.graph.zoom(CLOSER)),
        button("Zoom out", "−", () => this.graph.zoom(1 / CLOSER)),
        button("Show all", "⌂", () => this.resetZoom()),
      ),
      this.readout,
    );
    // Plotly keeps clicks for itself; a press and a release at the same place is one.
    stage.addEventListener("pointerdown", (event) => this.press(event), true);
    return stage;
  }

  /**
   * How the page wants it: `concealed` while a prediction is asked for, `future` whether the path still to come shows,
   * `bold` how much larger head and lines are.
   * @param {{concealed: boolean, future: boolean, bold: number}} look
   */
  look({ concealed, future, bold }) {
    this.concealed = concealed;
    this.future = future && !concealed;
    this.bold = bold;
    this.start.element.classList.toggle("al-off", concealed);
  }

  /** Begin anew, with the whole surface in sight. */
  reset() {
    this.graph.reset();
  }

  get ready() {
    return this.graph.ready;
  }

  /**
   * Take runs; those of the same surface cost no more than the next drawing.
   * @param {Taken} taken
   */
  async take(taken) {
    this.hold(taken);
    const { Plotly, run: { surface }, theme, window } = taken;
    await this.graph.take({ Plotly, surface, theme, window, bold: this.bold, tight: this.tight });
    this.placeHandles();
  }

  /**
   * Take runs without drawing their surface: the landscape is out of sight.
   * @param {Taken} taken
   */
  hold(taken) {
    const { run, beside = [], start, theme } = taken;
    this.taken = taken;
    this.run = run;
    this.beside = beside;
    this.theme = theme;
    this.start.take(start);
    this.chips.take(run, beside);
  }

  /**
   * The surface as it is at another step.
   * @param {Surface} surface
   */
  async follow(surface) {
    this.run.surface = surface;
    await this.take({ ...this.taken, start: this.start.point });
  }

  resize() {
    this.graph.resize();
  }

  resetZoom() {
    this.graph.show(this.taken.window);
  }

  /**
   * Where a point is on the page, in pixels; null before there is a picture.
   * @param {Pair} point
   * @returns {Pair | null}
   */
  pixel([x, y]) {
    if (!this.ready) return null;
    const [at, box] = [this.graph.mapping(), this.stage.getBoundingClientRect()];
    return [box.left + at.x(x), box.top + at.y(y)];
  }

  placeHandles() {
    if (!this.ready) return;
    this.start.draw(this.graph.mapping());
    this.onPlace?.();
  }

  /** @param {PointerEvent} event */
  read(event) {
    if (!this.ready || this.start.dragging) return;
    const [x, y] = this.graph.pointAt(event);
    const height = heightAt(this.run.surface, [x, y]);
    const value = Number.isNaN(height) ? "" : `  f ≈ ${format(height, 3)}`;
    this.readout.textContent = `x ${format(x, 3)}  y ${format(y, 3)}${value}`;
  }

  /** @param {PointerEvent} event */
  press(event) {
    this.pressed = elementOf(event)?.closest("button") ? null : [event.clientX, event.clientY];
  }

  /** @param {PointerEvent} event */
  click(event) {
    const pressed = this.pressed;
    this.pressed = null;
    if (!this.ready || !pressed) return;
    if (Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > STILL) return;
    if (this.onGuess) {
      this.onGuess(this.graph.pointAt(event));
      return;
    }
    if (this.concealed) return;
    const step = this.nearest(event);
    if (step !== null) this.onJump(step);
  }

  /**
   * The step of a path that lies under an event, or null.
   * @param {MouseEvent} event
   */
  nearest(event) {
    const [px, py] = pointIn(event, this.stage);
    const at = this.graph.mapping();
    /** @type {number | null} */
    let nearest = null;
    let least = NEAR;
    for (const { theta, steps } of [this.run, ...this.beside]) {
      for (let k = 0; k <= steps; k++) {
        const distance = Math.hypot(at.x(theta(k, 0)) - px, at.y(theta(k, 1)) - py);
        if (distance < least) [least, nearest] = [distance, k];
      }
    }
    return nearest;
  }

  /** What is drawn at the head, as [name, label, title]. */
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
    this.chips.draw(this.paint(cleared(this.canvas), this.graph.mapping(), position, step));
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
      const otherHead = drawPath(context, other, position, look);
      drawHead(context, other, otherHead, look);
      return { run: other, head: otherHead };
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
    this.graph.remove();
  }
}
