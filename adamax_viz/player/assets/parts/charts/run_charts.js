// The charts of the scene of runs: of one run its own, of several those that are not hidden, for one coordinate.

import { makeCharts, makeComparedCharts } from "../../base/charts.js";
import { h } from "../../base/dom.js";
import { Panels } from "./panels.js";

/** @import { Runs } from "../../scenes/runs.js" */

export class RunCharts {
  /** @param {Runs} scene */
  constructor(scene) {
    this.scene = scene;
    this.panels = new Panels(scene.root);
    this.element = h("div", { class: "al-right" }, this.panels.element);
  }

  resize() {
    const { header: { panels }, runs, run, several, coordinate, selection, transport, theme, first } = this.scene;
    const charts = several
      ? makeComparedCharts(panels, runs, coordinate, (each) => selection.isShown(each))
      : makeCharts(panels, run);
    this.panels.take({ ...run, steps: transport.steps }, charts, theme, first ?? Infinity);
  }

  /** @type {(position: number, step: number) => void} */
  draw(position, step) {
    this.panels.draw(position, step);
  }
}
