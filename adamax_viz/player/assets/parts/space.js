// The same surface and path in three dimensions, in step with the playhead.

import { h } from "../base/dom.js";
import { axis, rows, scale } from "./landscape.js";
import { CONFIG } from "../base/plotly.js";

const EVERY = 60; // milliseconds between moves of the head: the scene is costly to draw

export class Space {
  constructor() {
    this.plot = h("div", {
      class: "al-plot",
      role: "img",
      "aria-label": "The surface and the path in three dimensions",
    });
    this.element = h("div", { class: "al-space" }, this.plot);
    this.moved = 0;
  }

  /** Draw the scene anew; only called while it is visible. */
  async update(Plotly, run, theme) {
    this.Plotly = Plotly;
    this.run = run;
    await Plotly.react(
      this.plot,
      [ground(run.surface, theme), ...this.path(run, theme)],
      layout(this.plot, run, theme),
      {
        ...CONFIG,
        scrollZoom: false,
      },
    );
    this.ready = true;
  }

  path(run, theme) {
    const steps = Array.from({ length: run.steps + 1 }, (_, k) => k);
    const height = (k) => shadeOf(run.surface, run.loss(k));
    return [
      {
        type: "scatter3d",
        mode: "lines",
        hoverinfo: "skip",
        showlegend: false,
        x: steps.map((k) => run.theta(k, 0)),
        y: steps.map((k) => run.theta(k, 1)),
        z: steps.map(height),
        line: { width: 5, color: theme.ink },
      },
      {
        type: "scatter3d",
        mode: "markers",
        hoverinfo: "skip",
        showlegend: false,
        x: [run.theta(0, 0)],
        y: [run.theta(0, 1)],
        z: [height(0)],
        marker: { size: 6, color: theme.line("grad") },
      },
    ];
  }

  draw(position) {
    if (!this.ready || performance.now() - this.moved < EVERY) {
      clearTimeout(this.later);
      this.later = setTimeout(() => this.ready && this.draw(position), EVERY);
      return;
    }
    clearTimeout(this.later);
    this.moved = performance.now();
    const k = Math.floor(position);
    const [x, y] = this.run.between(this.run.theta, position);
    const z = shadeOf(this.run.surface, this.run.loss(k));
    this.Plotly.restyle(this.plot, { x: [[x]], y: [[y]], z: [[z]] }, [2]);
  }
}

function shadeOf(surface, loss) {
  return surface.logarithmic ? Math.log10(Math.max(loss - surface.lowest, 0) + surface.floor) : loss;
}

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

function layout(plot, run, theme) {
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
    width: plot.clientWidth,
    height: plot.clientHeight,
    margin: { l: 0, r: 0, t: 0, b: 0 },
    paper_bgcolor: "rgba(0,0,0,0)",
    uirevision: run.surface.key,
    scene: {
      xaxis: side("x", run.surface.domain[0]),
      yaxis: side("y", run.surface.domain[1]),
      zaxis: side(run.surface.logarithmic ? "log f" : "f"),
      aspectmode: "cube",
      camera: { eye: { x: 1.35, y: -1.5, z: 0.95 } },
    },
  };
}
