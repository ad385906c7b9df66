// The same surface and paths in three dimensions, in step with the playhead.

import { h } from "../../base/dom.js";
import { CONFIG, purge } from "../../base/plotly.js";
import { axis, rows, scale } from "./contour.js";
import { colourOf } from "./paths.js";

/** @import { Pair, SurfaceRun, Surface, Theme } from "../../base/types.js" */

const EVERY = 60; // milliseconds between moves of the heads: the scene is costly to draw
const MARKS = ["circle", "square", "diamond", "cross", "x"]; // all that Plotly knows here

/** @typedef {import("../../base/plotly.js").Plotly} Plotly */

export class Space {
  /** @type {Plotly} */
  Plotly;
  /** @type {SurfaceRun[]} */
  runs = [];
  ready = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  later = undefined;

  constructor() {
    this.plot = h("div", {
      class: "al-plot",
      role: "img",
      "aria-label": "The surface and the path in three dimensions",
    });
    this.element = h("div", { class: "al-space", hidden: true }, this.plot);
    this.moved = 0;
  }

  /**
   * Draw the scene anew; only called while it is visible.
   * @param {{Plotly: Plotly, runs: SurfaceRun[], theme: Theme}} taken
   */
  async take({ Plotly, runs, theme }) {
    this.Plotly = Plotly;
    this.runs = runs;
    const { surface } = runs[0];
    const traces = [ground(surface, theme), ...runs.map((run) => path(run, theme)), this.heads(theme)];
    await Plotly.react(this.plot, traces, layout(this.plot, surface, theme), { ...CONFIG, scrollZoom: false });
    this.ready = true;
  }

  /** @param {Theme} theme */
  heads(theme) {
    return {
      type: "scatter3d",
      mode: "markers",
      hoverinfo: "skip",
      showlegend: false,
      ...this.places(0),
      marker: {
        size: 6,
        color: this.runs.map((run) => colourOf(run, theme) ?? theme.line("grad")),
        symbol: this.runs.map((run) => MARKS[(run.variant ?? 0) % MARKS.length]),
      },
    };
  }

  /**
   * Where the heads are at a playhead.
   * @param {number} playhead
   */
  places(playhead) {
    const points = this.runs.map((run) => {
      const position = Math.min(playhead, run.steps);
      return [...run.between(run.theta, position), shadeOf(run.surface, run.loss(Math.floor(position)))];
    });
    const [x, y, z] = [0, 1, 2].map((d) => points.map((point) => point[d]));
    return { x, y, z };
  }

  /** @param {number} position */
  draw(position) {
    if (!this.ready || performance.now() - this.moved < EVERY) {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.ready && this.draw(position), EVERY);
      return;
    }
    clearTimeout(this.later);
    this.moved = performance.now();
    const { x, y, z } = this.places(position);
    this.Plotly.restyle(this.plot, { x: [x], y: [y], z: [z] }, [this.runs.length + 1]);
  }

  remove() {
    clearTimeout(this.later);
    purge(this.plot);
  }
}

/**
 * @param {Surface} surface
 * @param {number} loss
 */
function shadeOf(surface, loss) {
  return surface.logarithmic ? Math.log10(Math.max(loss - surface.lowest, 0) + surface.floor) : loss;
}

/**
 * @param {SurfaceRun} run
 * @param {Theme} theme
 */
function path(run, theme) {
  const steps = Array.from({ length: run.steps + 1 }, (_, k) => k);
  return {
    type: "scatter3d",
    mode: "lines",
    hoverinfo: "skip",
    showlegend: false,
    x: steps.map((k) => run.theta(k, 0)),
    y: steps.map((k) => run.theta(k, 1)),
    z: steps.map((k) => shadeOf(run.surface, run.loss(k))),
    line: { width: 5, color: colourOf(run, theme) ?? theme.ink },
  };
}

/**
 * @param {Surface} surface
 * @param {Theme} theme
 */
function ground(surface, theme) {
  return {
    type: "surface",
    x: axis(surface, 0),
    y: axis(surface, 1),
    z: rows(surface),
    showscale: false,
    hoverinfo: "skip",
    colorscale: scale(theme),
    lighting: { ambient: 0.6, diffuse: 0.55, specular: 0.03, roughness: 0.9 },
    contours: { z: { show: true, usecolormap: false, color: theme.contour, width: 1 } },
  };
}

/**
 * @param {HTMLElement} plot
 * @param {Surface} surface
 * @param {Theme} theme
 */
function layout(plot, surface, theme) {
  const side = (/** @type {string} */ title, /** @type {Pair | undefined} */ range = undefined) => ({
    title: { text: title, font: { color: theme.quiet, size: 12 } },
    gridcolor: theme.grid,
    zeroline: false,
    showbackground: false,
    tickfont: { color: theme.quiet, size: 10 },
    ...(range ? { range: [...range] } : {}),
  });
  return {
    autosize: false,
    width: plot.clientWidth,
    height: plot.clientHeight,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    uirevision: surface.key,
    scene: {
      xaxis: side("x", surface.domain[0]),
      yaxis: side("y", surface.domain[1]),
      zaxis: side(surface.logarithmic ? "log f" : "f"),
      aspectmode: "cube",
      camera: { eye: { x: 1.35, y: -1.5, z: 0.95 } },
    },
  };
}
