// A training's payload as plain functions: names of weights, values between the steps that were kept, weights to draw.

/**
 * @import { ArrayOf, Arrays, Chart, Values } from "../../base/types.js"
 * @import { SparseChart, TrainingHeader, Variable, WeightOf } from "./types.js"
 */

/** @type {(charts: SparseChart[], arrays: Arrays, steps: number) => Chart[]} lines hold the last value that is known */
export function fillSteps(charts, arrays, steps) {
  const filled = (/** @type {string} */ name, /** @type {string | undefined} */ at) =>
    at ? spread(arrays[name].data, arrays[at].data, steps) : arrays[name].data;
  return charts.map((chart) => ({
    ...chart,
    lines: chart.lines.map((line) => ({
      ...line,
      values: filled(line.array, line.at),
      upper: line.upper === undefined ? undefined : filled(line.upper, line.at),
    })),
  }));
}

/** @type {(data: ArrayLike<number>, at: Values | number[], steps: number) => Float64Array} each holds until the next */
export function spread(data, at, steps) {
  const known = at.slice(0, data.length);
  const values = new Float64Array(Math.max(steps, (known.at(-1) ?? 0) + 1)).fill(NaN);
  known.forEach((step, i) => values.fill(data[i], step, known[i + 1]));
  return values;
}

/** @type {(array: ArrayOf, k: number) => Values} */
export function rowOf({ data, columns }, k) {
  return data.subarray(k * columns, (k + 1) * columns);
}

/** @param {ArrayOf} array */
export function rowsOf(array) {
  return Array.from({ length: array.data.length / array.columns }, (_, k) => rowOf(array, k));
}

/** @type {(variables: Variable[], column: number) => number} which of them a column of theta belongs to */
export function variableOf(variables, column) {
  const at = variables.findIndex(({ first, size }) => column >= first && column < first + size);
  if (at < 0) throw new RangeError(`No variable has column ${column}.`);
  return at;
}

/** @type {(variables: Variable[], column: number) => string} of a weight, such as hidden_1/kernel[0,3] */
export function nameOf(variables, column) {
  const { name, first, shape } = variables[variableOf(variables, column)];
  let rest = column - first;
  const place = [];
  for (const size of shape.toReversed()) {
    place.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return `${name}[${place.join(",")}]`;
}

/**
 * The weights at a row of the pictures; null before training.
 * @type {(header: Pick<TrainingHeader, "variables">, arrays: Arrays, row: number) => WeightOf | null}
 */
export function weightsAt({ variables }, { weights, "weights.scale": largest }, row) {
  if (!weights) return null;
  const bytes = rowOf(weights, row);
  return (column) => {
    const part = (bytes[column] - 128) / 127;
    return { part, value: part * largest.data[variableOf(variables, column)] };
  };
}

/** @type {(steps: Values | undefined, position: number) => number} the last picture that is not later, or the first */
export function frameAt(steps, position) {
  return Math.max(0, steps?.findLastIndex((step) => step <= position + 1e-9) ?? 0);
}
