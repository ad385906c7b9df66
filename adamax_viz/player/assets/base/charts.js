// The charts of a header with their values: from the payload's arrays, or computed by the run.

import { columnValues } from "./payload.js";

/** @import { Chart, Line, LineHeader, PanelHeader, Run, Values } from "./types.js" */

/** @typedef {"x" | "y" | "norm"} Coordinate one of them, or "norm" for both together */

/**
 * The charts of one run.
 * @param {PanelHeader[]} panels
 * @param {Run} run
 * @returns {Chart[]}
 */
export function makeCharts(panels, run) {
  return panels.map((panel) => ({
    ...panel,
    lines: panel.lines.map((line) => ({ ...line, values: valuesOf(run, line.array, line.column) })),
  }));
}

/**
 * The charts with the lines of the runs that are shown, for one coordinate.
 * @param {PanelHeader[]} panels
 * @param {Run[]} runs
 * @param {Coordinate} coordinate
 * @param {(run: Run) => boolean} isShown
 * @returns {Chart[]}
 */
export function makeComparedCharts(panels, runs, coordinate, isShown) {
  const column = coordinate === "norm" ? "x" : coordinate;
  return panels.map((panel) => ({
    ...panel,
    lines: panel.lines
      .filter((line) => isShown(runs[line.run]))
      .filter((line) => line.coordinate === "" || line.coordinate === column)
      .map((line) => comparedLine(panel, line, runs[line.run], coordinate)),
  }));
}

/**
 * @param {PanelHeader} panel
 * @param {LineHeader} line
 * @param {Run} run
 * @param {Coordinate} coordinate
 * @returns {Line}
 */
function comparedLine(panel, line, run, coordinate) {
  const both = coordinate === "norm" && line.coordinate !== "";
  const values = both
    ? norm(valuesOf(run, line.array, 0), valuesOf(run, line.array, 1))
    : valuesOf(run, line.array, line.column);
  return {
    ...line,
    values,
    letter: run.letter,
    variant: run.variant,
    label: `${run.letter} ${both ? `‖${line.label}‖` : line.label}`,
    steps: run.steps,
    crosses: panel.key === "scale" ? Array.from(values.keys()).filter((k) => run.isSkipped(k)) : [],
    dash: line.quantity === "lr" ? [2, 3] : [],
  };
}

/**
 * @param {Run} run
 * @param {string} name
 * @param {number} column
 * @returns {Values}
 */
function valuesOf(run, name, column) {
  if (run.arrays[name]) return columnValues(run.arrays[name], column);
  return Float64Array.from({ length: run.steps }, (_, k) => run.value(name, k, column));
}

/**
 * @param {Values} x
 * @param {Values} y
 */
function norm(x, y) {
  return Float64Array.from(x, (value, k) => Math.hypot(value, y[k]));
}
