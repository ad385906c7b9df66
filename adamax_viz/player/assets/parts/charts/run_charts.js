// The charts of the scene of runs: of one run its own, of several those that are not hidden, for one coordinate.

import { makeCharts, makeComparedCharts } from "../../base/charts.js";
import { h } from "../../base/dom.js";
import { Panels } from "./panels.js";

/**
 * @import { Chart } from "../../base/types.js"
 * @import { Runs } from "../../scenes/runs.js"
 */

export class RunCharts {
  /** @type {Chart[]} */
  charts;

  /** @param {Runs} scene */
  constructor(scene) {
    this.scene = scene;
    this.panels = new Panels(scene.root);
    this.element = h("div", { class: "al-right" }, this.panels.element);
  }

  /** @param {Runs} scene */
  take({ header, runs, run, several, coordinate, selection }) {
    this.charts = several
      ? makeComparedCharts(header.panels, runs, coordinate, (each) => selection.isShown(each))
      : makeCharts(header.panels, run);
  }

  resize() {
    const { run, transport: { steps }, theme, first } = this.scene;
    this.panels.take({ ...run, steps }, this.charts, theme, first);
  }

  /** @type {(position: number, step: number) => void} */
  draw(position, step) {
    this.panels.draw(position, step);
  }
}
