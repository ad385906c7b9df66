// What Plotly draws of a landscape, its zoom, and the way between data and pixels.

import { h, pointIn } from "../../base/dom.js";
import { clamp } from "../../base/format.js";
import { CONFIG, Plotly, purge } from "../../base/plotly.js";
import { ground, layout } from "./contour.js";

/**
 * @import { Mapping, Pair } from "../../base/types.js"
 * @import { Landscape } from "./landscape.js"
 *
 * @typedef {object} Axis of Plotly
 * @property {Pair} range
 * @property {number} _offset pixels before it
 * @property {number} _length in pixels
 * @property {(value: number) => number} d2p data to pixels
 * @property {(pixel: number) => number} p2d pixels to data
 *
 * @typedef {{_fullLayout: {xaxis: Axis, yaxis: Axis}, on: (event: string, run: () => void) => void}} Plot
 */

export class Graph {
  /** @type {[Pair, Pair]} what was in sight before anybody zoomed */
  window;
  key = ""; // which surface is drawn, in which theme and size of type
  plane = ""; // which surface, whatever its step
  revision = 0; // counts planes: a zoom lasts as long as one
  size = 0;
  ready = false;
  /** @type {HTMLElement & Plot} */
  element = /** @type {any} */ (h("div", { class: "al-plot" }));

  /** @param {Landscape} landscape */
  constructor(landscape) {
    this.landscape = landscape;
  }

  /** Begin anew, with the whole surface in sight. */
  reset() {
    this.key = this.plane = "";
  }

  /** Draw where the surface, its look or its size is another one. */
  async take() {
    const { run: { surface }, tight, scene: { theme, window, options: { look } } } = this.landscape;
    const key = `${surface.key}|${theme.name}|${look.bold}|${tight}`;
    const plane = surface.key.split("@")[0];
    if (key !== this.key) {
      if (plane !== this.plane) {
        this.revision += 1;
        this.window = window;
      }
      this.key = key;
      this.plane = plane;
      this.size = this.element.clientWidth;
      await Plotly.react(this.element, ground(surface, theme), this.layout(), CONFIG);
      if (!this.ready) {
        for (const event of ["plotly_relayouting", "plotly_relayout"]) this.element.on(event, () => this.moved());
      }
      this.ready = true;
    }
    this.resize();
  }

  /** Somebody zooms or pans. */
  moved() {
    this.landscape.placeHandles();
    this.landscape.scene.root.draw();
  }

  layout() {
    const { element: { clientWidth: width, clientHeight: height }, window, revision, landscape } = this;
    const { tight, scene: { theme, options: { look: { bold } } } } = landscape;
    return layout({ theme, bold, tight, width, height, window, revision });
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!width || width === this.size) return;
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

  showAll() {
    this.show(this.landscape.scene.window);
  }

  /** @param {[Pair, Pair]} window */
  show([x, y]) {
    if (this.ready) Plotly.relayout(this.element, { "xaxis.range": [...x], "yaxis.range": [...y] });
  }

  axes() {
    return this.element._fullLayout;
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
