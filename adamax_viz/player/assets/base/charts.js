// The charts of a header with their values: from the payload's arrays, or computed by the run.

import { columnValues } from "./payload.js";

/**
 * @import { Chart, Line, LineHeader, PanelHeader, Run, Values } from "./types.js"
 * @typedef {"x" | "y" | "norm"} Coordinate one of them, or "norm" for both together
 */

/** @type {(panels: PanelHeader[], run: Run) => Chart[]} the charts of one run */
export function makeCharts(panels, run) {
  return panels.map((panel) => ({
    ...panel,
    lines: panel.lines.map((line) => ({ ...line, values: valuesOf(run, line.array, line.column) })),
  }));
}

/**
 * The charts with the lines of the runs that are shown, for one coordinate.
 * @type {(panels: PanelHeader[], runs: Run[], coordinate: Coordinate, isShown: (run: Run) => boolean) => Chart[]}
 */
export function makeComparedCharts(panels, runs, coordinate, isShown) {
  const wanted = ["", coordinate === "norm" ? "x" : coordinate];
  return panels.map((panel) => ({
    ...panel,
    lines: panel.lines
      .filter((line) => isShown(runs[line.run]) && wanted.includes(line.coordinate))
      .map((line) => comparedLine(panel, line, runs[line.run], coordinate)),
  }));
}

/** @type {(panel: PanelHeader, line: LineHeader, run: Run, coordinate: Coordinate) => Line} */
function comparedLine({ key }, line, run, coordinate) {
  const both = coordinate === "norm" && line.coordinate !== "";
  const values = valuesOf(run, line.array, both ? 0 : line.column);
  const others = both ? valuesOf(run, line.array, 1) : null;
  const { letter, variant, steps } = run;
  return {
    ...line,
    ...{ letter, variant, steps },
    values: others ? Float64Array.from(values, (value, k) => Math.hypot(value, others[k])) : values,
    label: `${letter} ${both ? `‖${line.label}‖` : line.label}`,
    crosses: key === "scale" ? Array.from(values.keys()).filter((k) => run.isSkipped(k)) : [],
    dash: line.quantity === "lr" ? [2, 3] : [],
  };
}

/** @type {(run: Run, name: string, column: number) => Values} */
function valuesOf(run, name, column) {
  if (run.arrays[name]) return columnValues(run.arrays[name], column);
  return Float64Array.from({ length: run.steps }, (_, k) => run.value(name, k, column));
}
