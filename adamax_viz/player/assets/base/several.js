// A payload of several runs: each as a run of its own, and charts with a line for each.

import { columnValues } from "./payload.js";
import { makeRun } from "./run.js";

/** The runs of a comparison; each knows its letter, its words and its place among the variants. */
export function makeRuns({ header, arrays }, surface) {
  return header.runs.map((own, i) => {
    const mine = {};
    for (const [name, array] of Object.entries(arrays)) {
      if (name.startsWith(`${i}.`)) mine[name.slice(name.indexOf(".") + 1)] = array;
    }
    const { variant, letter, label, diagnosis, summary } = own;
    return {
      ...makeRun({ header: { ...header, ...own }, arrays: mine }, surface),
      variant,
      letter,
      label,
      diagnosis,
      summary,
      arrays: mine,
    };
  });
}

/** The charts with the lines of the runs that are shown, for one coordinate: "x", "y", or "norm" for both together. */
export function makeComparedCharts(header, runs, coordinate, isShown) {
  return header.panels.map((panel) => ({
    ...panel,
    lines: panel.lines
      .filter((line) => isShown(runs[line.variant]))
      .filter((line) => line.coordinate === "" || line.coordinate === (coordinate === "norm" ? "x" : coordinate))
      .map((line) => asLine(panel, line, runs[line.variant], coordinate)),
  }));
}

function asLine(panel, line, run, coordinate) {
  const both = coordinate === "norm" && line.coordinate !== "";
  const values = both
    ? norm(valuesOf(run, line.array, 0), valuesOf(run, line.array, 1))
    : valuesOf(run, line.array, line.column);
  const skipped = panel.key === "scale" ? Array.from(values.keys()).filter((k) => run.isSkipped(k)) : [];
  return {
    ...line,
    values,
    letter: run.letter,
    variant: run.variant,
    label: `${run.letter} ${both ? `‖${line.label}‖` : line.label}`,
    steps: run.steps,
    crosses: skipped,
    dash: line.quantity === "lr" ? [2, 3] : [],
  };
}

/** Values of an array of the payload, or what the run computes from it. */
function valuesOf(run, name, column) {
  if (run.arrays[name]) return columnValues(run.arrays[name], column);
  return Float64Array.from({ length: run.steps }, (_, k) => run.value(name, k, column));
}

function norm(x, y) {
  return Float64Array.from(x, (value, k) => Math.hypot(value, y[k]));
}

/** What a variant's line can't show as a line: values without neighbours, skipped steps, zeros and infinities. */
export function paintMarks(context, spot, line, place) {
  const { values } = line;
  const finite = (k) => k >= 0 && k < values.length && Number.isFinite(values[k]);
  for (let k = 0; k < values.length; k++) {
    if (finite(k) && !finite(k - 1) && !finite(k + 1) && values.length > 3) dot(context, place(k), spot.y(values[k]));
  }
  for (const k of line.crosses) cross(context, place(k), spot.y(values[k]));
  if (!spot.chart.limits) return;
  const [top, bottom] = [spot.top + 4, spot.top + spot.height - 4];
  let drawn = -Infinity;
  for (let k = 0; k < values.length; k++) {
    if ((values[k] !== 0 && values[k] !== Infinity) || place(k) - drawn < 6) continue;
    drawn = place(k);
    triangle(context, place(k), values[k] === 0 ? bottom : top, values[k] === 0 ? 1 : -1);
  }
}

function dot(context, x, y) {
  context.beginPath();
  context.arc(x, y, 1.8, 0, 2 * Math.PI);
  context.fill();
}

function cross(context, x, y) {
  context.beginPath();
  for (const side of [-1, 1]) {
    context.moveTo(x - 3.5, y - 3.5 * side);
    context.lineTo(x + 3.5, y + 3.5 * side);
  }
  context.stroke();
}

/** A small triangle that points down (1) or up (-1). */
function triangle(context, x, y, way) {
  context.beginPath();
  context.moveTo(x - 3, y - 2.5 * way);
  context.lineTo(x + 3, y - 2.5 * way);
  context.lineTo(x, y + 2.5 * way);
  context.fill();
}
