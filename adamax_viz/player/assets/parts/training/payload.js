// A training's payload as plain functions: names of weights, values between the steps that were kept, weights to draw.

/** @import { Arrays, Chart, Values } from "../../base/types.js" */
/** @import { NameOf, SparseChart, TrainingHeader, Variable, Weights } from "./types.js" */

/**
 * Charts whose lines hold the last value known at each step; `at` names the steps at which values are known.
 * @param {SparseChart[]} charts
 * @param {Arrays} arrays
 * @param {number} steps
 * @returns {Chart[]}
 */
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

/**
 * Values known at some steps as values at all of them: each holds until the next.
 * @param {ArrayLike<number>} data
 * @param {Values | number[]} at
 * @param {number} steps
 */
export function spread(data, at, steps) {
  const values = new Float64Array(Math.max(steps, (at.at(-1) ?? 0) + 1)).fill(NaN);
  at.forEach((step, i) => values.fill(data[i], step, at[i + 1] ?? values.length));
  return values;
}

/**
 * The variable that a column of theta belongs to.
 * @param {Variable[]} variables
 * @param {number} column
 */
export function variableOf(variables, column) {
  const at = variables.findIndex(({ first, size }) => column >= first && column < first + size);
  if (at < 0) throw new RangeError(`No variable has column ${column}.`);
  return at;
}

/**
 * `name(column)` of a weight from the variables' names and shapes, such as hidden_1/kernel[0,3].
 * @param {Variable[]} variables
 * @returns {NameOf}
 */
export function makeNames(variables) {
  return (column) => {
    const { name, first, shape } = variables[variableOf(variables, column)];
    let rest = column - first;
    const place = [];
    for (const size of shape.toReversed()) {
      place.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    return `${name}[${place.join(",")}]`;
  };
}

/**
 * The weights at the playhead; null before training.
 * @param {Pick<TrainingHeader, "variables">} header
 * @param {Arrays} arrays
 * @returns {(position: number) => Weights | null}
 */
export function makeWeights(header, arrays) {
  const weights = arrays.weights;
  if (!weights) return () => null;
  const steps = arrays["frames.steps"].data;
  const largest = arrays["weights.scale"].data;
  const owner = header.variables.flatMap((variable, i) => Array(variable.size).fill(i));
  return (position) => {
    const row = frameAt(steps, position);
    const of = (/** @type {number} */ column) => {
      const part = (weights.data[row * weights.columns + column] - 128) / 127;
      return { part, value: part * largest[owner[column]] };
    };
    return { row, of };
  };
}

/**
 * The last picture that is not later than the playhead.
 * @param {Values} steps
 * @param {number} position
 */
export function frameAt(steps, position) {
  return Math.max(0, steps.findLastIndex((step) => step <= position + 1e-9));
}
