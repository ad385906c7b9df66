// The same surface and paths in three dimensions, in step with the playhead.

import { h } from "../../base/dom.js";
import { CONFIG, Plotly, purge } from "../../base/plotly.js";
import { heights } from "./contour.js";
import { colourOf } from "./paths.js";

/**
 * @import { Pair, SurfaceRun, Surface, Theme } from "../../base/types.js"
 * @import { Runs } from "../../scenes/runs.js"
 */

const EVERY = 60; // milliseconds between moves of the heads: the scene is costly to draw
const MARKS = ["circle", "square", "diamond", "cross", "x"]; // all that Plotly knows here
const STILL = { hoverinfo: "skip", showlegend: false };

export class Space {
  /** @type {SurfaceRun[]} */
  runs = [];
  ready = false;
  moved = 0;
  later = 0; // a timer
  plot = h("div", {
    class: "al-plot",
    role: "img",
    "aria-label": "The surface and the path in three dimensions",
  });
  element = h("div", { class: "al-space", hidden: true }, this.plot);

  /** @param {Runs} scene */
  constructor(scene) {
    this.scene = scene;
  }

  /** Draw all anew: it must be visible. */
  async resize() {
    const { theme, selection: { shown: runs } } = this.scene;
    this.runs = runs;
    const { surface } = runs[0];
    const traces = [ground(surface, theme), ...runs.map((run) => path(run, theme)), this.heads(theme)];
    await Plotly.react(this.plot, traces, layout(this.plot, surface, theme), { ...CONFIG, scrollZoom: false });
    this.ready = true;
  }

  /** @param {Theme} theme */
  heads(theme) {
    return {
      ...STILL,
      type: "scatter3d",
      mode: "markers",
      ...this.places(0),
      marker: {
        size: 6,
        color: this.runs.map((run) => colourOf(run, theme, theme.line("grad"))),
        symbol: this.runs.map((run) => MARKS[(run.variant ?? 0) % MARKS.length]),
      },
    };
  }

  /** @param {number} playhead */
  places(playhead) {
    return columns(this.runs.map((run) => pointAt(run, Math.min(playhead, run.steps))));
  }

  /** @param {number} position */
  draw(position) {
    clearTimeout(this.later);
    if (!this.ready || performance.now() - this.moved < EVERY) {
      this.later = setTimeout(() => this.ready && this.draw(position), EVERY);
      return;
    }
    this.moved = performance.now();
    const { x, y, z } = this.places(position);
    Plotly.restyle(this.plot, { x: [x], y: [y], z: [z] }, [this.runs.length + 1]);
  }

  remove() {
    clearTimeout(this.later);
    purge(this.plot);
  }
}

/** @type {(run: SurfaceRun, position: number) => number[]} */
function pointAt({ surface: { logarithmic, lowest, floor }, between, theta, loss }, position) {
  const height = loss(Math.floor(position));
  return [...between(theta, position), logarithmic ? Math.log10(Math.max(height - lowest, 0) + floor) : height];
}

/** @param {number[][]} points */
function columns(points) {
  const [x, y, z] = [0, 1, 2].map((d) => points.map((point) => point[d]));
  return { x, y, z };
}

/** @type {(run: SurfaceRun, theme: Theme) => object} */
function path(run, theme) {
  return {
    ...STILL,
    type: "scatter3d",
    mode: "lines",
    ...columns(Array.from({ length: run.steps + 1 }, (_, k) => pointAt(run, k))),
    line: { width: 5, color: colourOf(run, theme, theme.ink) },
  };
}

/** @type {(surface: Surface, theme: Theme) => object} */
function ground(surface, theme) {
  return {
    ...heights(surface, theme),
    type: "surface",
    lighting: { ambient: 0.6, diffuse: 0.55, specular: 0.03, roughness: 0.9 },
    contours: { z: { show: true, usecolormap: false, color: theme.contour, width: 1 } },
  };
}

/** @type {(plot: HTMLElement, surface: Surface, theme: Theme) => object} */
function layout({ clientWidth: width, clientHeight: height }, { key, domain, logarithmic }, theme) {
  /** @type {(title: string, range?: Pair) => object} */
  const side = (title, range) => ({
    title: { text: title, font: { color: theme.quiet, size: 12 } },
    gridcolor: theme.grid,
    zeroline: false,
    showbackground: false,
    tickfont: { color: theme.quiet, size: 10 },
    ...(range ? { range: [...range] } : {}),
  });
  return {
    autosize: false,
    width,
    height,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    uirevision: key,
    scene: {
      xaxis: side("x", domain[0]),
      yaxis: side("y", domain[1]),
      zaxis: side(logarithmic ? "log f" : "f"),
      aspectmode: "cube",
      camera: { eye: { x: 1.35, y: -1.5, z: 0.95 } },
    },
  };
}
