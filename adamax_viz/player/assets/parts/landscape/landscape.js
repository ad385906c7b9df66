// The surface with paths on it: Plotly draws contour and axes once a surface, a canvas above draws what moves.

import { button, cleared, elementOf, h, pointIn, sized } from "../../base/dom.js";
import { format } from "../../base/format.js";
import { paintInside } from "../../base/plot/pen.js";
import { Chips, drawArrows } from "./arrows.js";
import { heightAt } from "./contour.js";
import { Graph } from "./graph.js";
import { drawHead, drawLabels, drawPath } from "./paths.js";
import { Start } from "./start.js";

/**
 * @import { Mapping, Pair, Path, Pen, Surface, SurfaceRun, Theme } from "../../base/types.js"
 *
 * @typedef {object} Hands
 * @property {(start: Pair, final: boolean) => void} onStart while the start is dragged
 * @property {(step: number) => void} onJump when a path is clicked
 * @property {() => void} onRedraw when it must be drawn again
 *
 * @typedef {object} Taken what a landscape shows
 * @property {SurfaceRun} run whose arrows are drawn
 * @property {Path[]} beside others, drawn under it
 * @property {Pair} start
 * @property {[Pair, Pair]} window what is in sight at first
 * @property {Theme} theme
 * @property {boolean} locked whether the start stays where it is
 * @property {Look} look
 *
 * @typedef {object} Look how the page wants it
 * @property {boolean} concealed while a prediction is asked for
 * @property {boolean} future whether the path still to come is drawn
 * @property {number} bold how much larger head and lines are
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
    const small = "al-button al-small";
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
        button("Zoom in", "+", () => this.graph.zoom(CLOSER), small),
        button("Zoom out", "−", () => this.graph.zoom(1 / CLOSER), small),
        button("Show all", "⌂", () => this.resetZoom(), small),
      ),
      this.readout,
    );
    // Plotly keeps clicks for itself; a press and a release at the same place is one.
    stage.addEventListener("pointerdown", (event) => this.press(event), true);
    return stage;
  }

  /** Begin anew, with the whole surface in sight. */
  reset() {
    this.graph.reset();
  }

  get ready() {
    return this.graph.ready;
  }

  /** @param {Taken} taken runs; those of the same surface cost no more than the next drawing */
  async take(taken) {
    this.hold(taken);
    const { run: { surface }, theme, window, look: { bold } } = taken;
    await this.graph.take({ surface, theme, window, bold, tight: this.tight });
    this.placeHandles();
  }

  /** @param {Taken} taken runs whose surface is not drawn yet */
  hold(taken) {
    const { run, beside, start, theme, look, locked } = taken;
    Object.assign(this, { taken, run, beside, theme, ...look });
    this.start.element.classList.toggle("al-off", look.concealed);
    this.start.element.disabled = locked;
    this.start.take(start);
    this.chips.take(run, beside);
  }

  /** @param {Surface} surface as it is at another step */
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

  /** @type {(point: Pair) => Pair | null} where it is on the page, in pixels; null before there is a picture */
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
    const step = this.concealed ? null : this.nearest(event);
    if (this.onGuess) this.onGuess(this.graph.pointAt(event));
    else if (step !== null) this.onJump(step);
  }

  /** @type {(event: MouseEvent) => number | null} the step of a path that lies under it */
  nearest(event) {
    const [px, py] = pointIn(event, this.stage);
    const at = this.graph.mapping();
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

  /** @type {(position: number, step: number) => void} everything that moves */
  draw(position, step) {
    if (!this.ready) return;
    this.chips.draw(this.paint(cleared(this.canvas), this.graph.mapping(), position, step));
  }

  /**
   * The same on any pen, the screen's, a film's, or one that writes SVG; gives how many times the step is enlarged.
   * @type {(context: Pen, at: Mapping, position: number, step: number) => number}
   */
  paint(context, at, position, step) {
    const { run, theme, bold, future, concealed, chips: { shown } } = this;
    const look = { at, theme, bold, future, shown, concealed, average: shown.ema && !concealed };
    const others = concealed ? [] : this.beside;
    let enlarged = 1;
    paintInside(context, at, () => {
      context.lineJoin = "round";
      const heads = [...others, run].map((path) => {
        const head = drawPath(context, path, position, look);
        if (path === run) enlarged = drawArrows(context, run, head, Math.min(step, run.steps - 1), look);
        drawHead(context, path, head, look);
        return { run: path, head };
      });
      if (run.letter && others.length >= LABELLED) drawLabels(context, heads, look);
      this.marks?.(context, at, theme); // a prediction's guess and truth
    });
    return enlarged;
  }

  remove() {
    window.removeEventListener("pointerup", this.onRelease, true);
    this.graph.remove();
  }
}
