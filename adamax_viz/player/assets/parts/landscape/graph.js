// What Plotly draws of a landscape, its zoom, and the way between data and pixels.

import { h, pointIn } from "../../base/dom.js";
import { clamp } from "../../base/format.js";
import { CONFIG, Plotly, purge } from "../../base/plotly.js";
import { ground, layout } from "./contour.js";

/**
 * @import { Mapping, Pair, Surface, Theme } from "../../base/types.js"
 *
 * @typedef {object} Axis of Plotly
 * @property {Pair} range
 * @property {number} _offset pixels before it
 * @property {number} _length in pixels
 * @property {(value: number) => number} d2p data to pixels
 * @property {(pixel: number) => number} p2d pixels to data
 *
 * @typedef {object} Plot an element that Plotly draws in
 * @property {{xaxis: Axis, yaxis: Axis}} _fullLayout
 * @property {(event: string, run: () => void) => void} on
 *
 * @typedef {object} Ground what is drawn
 * @property {Surface} surface
 * @property {Theme} theme
 * @property {[Pair, Pair]} window what is in sight at first
 * @property {number} bold how much larger type is
 * @property {boolean} tight whether many pictures share the room
 */

export class Graph {
  /** @type {Ground} */
  ground;
  /** @type {[Pair, Pair]} what is in sight while nobody zooms */
  window;
  key = ""; // which surface is drawn, in which theme and size of type
  plane = ""; // which surface, whatever its step
  revision = 0; // counts planes: a zoom lasts as long as one
  size = 0;
  ready = false;
  element = h("div", { class: "al-plot" });

  /** @param {() => void} onMove when somebody zooms or pans */
  constructor(onMove) {
    this.onMove = onMove;
  }

  /** Begin anew, with the whole surface in sight. */
  reset() {
    this.key = this.plane = "";
  }

  /** @param {Ground} ground drawn where it is another one */
  async take(ground) {
    const { surface, theme, window, bold, tight } = ground;
    const key = `${surface.key}|${theme.name}|${bold}|${tight}`;
    const plane = surface.key.split("@")[0];
    if (key === this.key) return;
    if (plane !== this.plane) {
      this.revision += 1;
      this.window = window;
    }
    this.ground = ground;
    this.key = key;
    this.plane = plane;
    await this.draw();
  }

  async draw() {
    const { surface, theme } = this.ground;
    this.size = this.element.clientWidth;
    await Plotly.react(this.element, ground(surface, theme), this.layout(), CONFIG);
    if (this.ready) return;
    this.ready = true;
    for (const event of ["plotly_relayouting", "plotly_relayout"]) this.plot.on(event, this.onMove);
  }

  layout() {
    const { element: { clientWidth: width, clientHeight: height }, window, revision } = this;
    return layout({ ...this.ground, width, height, window, revision });
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!this.ready || !width || width === this.size) return;
    this.size = width;
    Plotly.relayout(this.element, { width, height });
  }

  /** @param {number} factor how much more is in sight */
  zoom(factor) {
    const { xaxis, yaxis } = this.axes();
    /** @type {(axis: Axis) => Pair} */
    const around = ({ range }) => {
      const [low, high] = range.map(Number);
      const [middle, half] = [(low + high) / 2, ((high - low) / 2) * factor];
      return [middle - half, middle + half];
    };
    this.show([around(xaxis), around(yaxis)]);
  }

  /** @param {[Pair, Pair]} window */
  show([x, y]) {
    if (this.ready) Plotly.relayout(this.element, { "xaxis.range": [...x], "yaxis.range": [...y] });
  }

  get plot() {
    return /** @type {Plot} */ (/** @type {unknown} */ (this.element));
  }

  axes() {
    return this.plot._fullLayout;
  }

  /** @returns {Mapping} with Plotly's own axes */
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

  /** @type {(event: MouseEvent) => Pair} the point under it, with as many digits as its pixel is worth */
  pointAt(event) {
    const { xaxis, yaxis } = this.axes();
    const [px, py] = pointIn(event, this.element);
    /** @type {(axis: Axis, pixel: number) => number} */
    const valueAt = (axis, pixel) => {
      const value = axis.p2d(clamp(pixel - axis._offset, 0, axis._length));
      const span = axis.range[1] - axis.range[0];
      return Number(value.toPrecision(Math.max(3, Math.ceil(Math.log10(Math.abs(value) / span || 1)) + 4)));
    };
    return [valueAt(xaxis, px), valueAt(yaxis, py)];
  }

  remove() {
    this.ready = false;
    purge(this.element);
  }
}
