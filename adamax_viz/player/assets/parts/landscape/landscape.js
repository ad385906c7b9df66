// The surface with paths on it: Plotly draws contour and axes once a surface, a canvas above draws what moves.

import { button, cleared, elementOf, h, pointIn, sized } from "../../base/dom.js";
import { format } from "../../base/format.js";
import { paintInside } from "../../base/plot/pen.js";
import { Chips, drawArrows } from "./arrows.js";
import { heightAt } from "./contour.js";
import { Graph } from "./graph.js";
import { drawHead, drawLabels, drawPath } from "./paths.js";
import { inCorner, Start } from "./start.js";

/**
 * @import { Mapping, Pair, Path, Pen, SurfaceRun, Theme } from "../../base/types.js"
 * @import { Runs } from "../../scenes/runs.js"
 * @import { Ask } from "../ask.js"
 */

const LABELLED = 4; // more paths than these have their labels at their heads
const NEAR = 16; // pixels around a path that a click may miss
const STILL = 4; // pixels that a click may move
const SMALL = "al-button al-small";
const CLOSER = 0.6; // of what is in sight: one press of +

export class Landscape {
  /** @type {SurfaceRun} whose arrows are drawn */
  run;
  /** @type {Path[]} others, drawn under it */
  beside = [];
  tight = false; // whether many landscapes share the room
  /** @type {Pair | null} where on the page a button of the mouse went down */
  pressed = null;
  /** @type {Ask | null} a prediction that is asked for on it */
  ask = null;
  graph = new Graph(this);
  start = new Start(this);
  chips = new Chips(this);
  canvas = sized(h("canvas", { class: "al-overlay", "aria-hidden": "true" }));
  readout = h("div", { class: "al-readout" });
  zoom = h(
    "div",
    { class: "al-zoom" },
    button("Zoom in", "+", () => this.graph.zoom(CLOSER), SMALL),
    button("Zoom out", "−", () => this.graph.zoom(1 / CLOSER), SMALL),
    button("Show all", "⌂", () => this.graph.showAll(), SMALL),
  );

  stage = h(
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
    this.zoom,
    this.readout,
  );
  element = h("div", { class: "al-landscape" }, this.stage, this.chips.element);
  onRelease = (/** @type {PointerEvent} */ event) => this.click(event);

  /** @param {Runs} scene */
  constructor(scene) {
    this.scene = scene;
    // Plotly keeps clicks for itself; a press and a release at the same place is one.
    this.stage.addEventListener("pointerdown", (event) => {
      this.pressed = elementOf(event)?.closest("button") ? null : [event.clientX, event.clientY];
    }, true);
    // While it is pressed, Plotly covers the whole page: the release arrives there.
    window.addEventListener("pointerup", this.onRelease, true);
  }

  /** @type {(run: SurfaceRun, beside: Path[]) => void} */
  take(run, beside) {
    const { root, header, options: { asking } } = this.scene;
    this.run = run;
    this.beside = beside;
    this.start.element.classList.toggle("al-off", asking);
    this.start.element.disabled = root.isLocked("start");
    this.start.take(header.start);
    this.chips.take(run, beside);
  }

  /** Draw the surface; where it is the same it costs no more than the next drawing. */
  async resize() {
    await this.graph.take();
    this.zoom.classList.toggle("al-aside", inCorner(this.start.point, this.graph.window));
    this.placeHandles();
  }

  /** @type {(point: Pair) => Pair | null} where it is on the page, in pixels; null before there is a picture */
  pixel([x, y]) {
    if (!this.graph.ready) return null;
    const [at, box] = [this.graph.mapping(), this.stage.getBoundingClientRect()];
    return [box.left + at.x(x), box.top + at.y(y)];
  }

  placeHandles() {
    if (!this.graph.ready) return;
    this.start.draw(this.graph.mapping());
    this.ask?.place();
  }

  /** @param {PointerEvent} event */
  read(event) {
    if (!this.graph.ready || this.start.dragging) return;
    const [x, y] = this.graph.pointAt(event);
    const height = heightAt(this.run.surface, [x, y]);
    const value = Number.isNaN(height) ? "" : `  f ≈ ${format(height, 3)}`;
    this.readout.textContent = `x ${format(x, 3)}  y ${format(y, 3)}${value}`;
  }

  /** @param {PointerEvent} event */
  click(event) {
    const { pressed, graph, ask, scene } = this;
    this.pressed = null;
    if (!graph.ready || !pressed) return;
    if (Math.hypot(event.clientX - pressed[0], event.clientY - pressed[1]) > STILL) return;
    const step = scene.options.asking ? null : this.nearest(event);
    if (ask?.open) ask.answer(graph.pointAt(event));
    else if (step !== null) scene.transport.jump(step);
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

  /** The chips of what is drawn at the head. */
  legend() {
    return this.chips.of(this.run).filter(({ name }) => this.chips.shown[name]);
  }

  /** @type {(position: number, step: number) => void} everything that moves */
  draw(position, step) {
    if (!this.graph.ready) return;
    const context = cleared(this.canvas);
    this.chips.draw(this.paint(context, this.graph.mapping(), position, step, this.scene.theme));
  }

  /**
   * The same on any pen, the screen's, a film's, or one that writes SVG; gives how many times the step is enlarged.
   * @type {(context: Pen, at: Mapping, position: number, step: number, theme: Theme) => number}
   */
  paint(context, at, position, step, theme) {
    const { run, chips: { shown }, scene: { options } } = this;
    const look = { ...options.look, at, theme, shown };
    const others = look.concealed ? [] : this.beside;
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
      this.ask?.draw(context, at, theme);
    });
    return enlarged;
  }

  remove() {
    window.removeEventListener("pointerup", this.onRelease, true);
    this.graph.remove();
  }
}
