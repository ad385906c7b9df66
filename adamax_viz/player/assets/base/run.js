// A decoded payload as the runs that landscape, charts and ledger ask: plain functions of step and coordinate.

import { columnValues } from "./payload.js";

/** @import { Arrays, Chart, PanelHeader, Payload, Quantity, Run, RunHeader, Surface } from "./types.js" */

/**
 * A run from its own header and its arrays, for the ledger, the charts and the landscape.
 *
 * @param {Payload<RunHeader>} payload
 * @param {Surface | null} surface the one under it
 * @returns {Run}
 */
export function makeRun({ header, arrays }, surface) {
  const of = (/** @type {string} */ name) => {
    const array = arrays[name];
    return array ? (k, d = 0) => array.data[k * array.columns + (array.columns > 1 ? d : 0)] : null;
  };
  const round = header.dtype === "float32" ? Math.fround : (/** @type {number} */ value) => value;
  const { constants, steps, moments = ["m", "u"] } = header;
  const [theta, loss, grad, step, lr, bias] = ["theta", "loss", "grad", "step", "lr", "bias_correction"].map(of);
  const scale = of("scale") ?? (() => header.scale ?? 1);
  const unscaled = header.scaled ? (k, d) => round(grad(k, d) / scale(k)) : grad;
  const mean = of("grad_accumulated") ?? unscaled;
  const clipped = of("grad_clipped") ?? mean;
  const ema = of("ema") ?? (() => NaN);
  const bucket = of("bucket") ?? (() => 0);
  const updates = of("update") ?? ((k) => Math.floor(k / header.windows));
  const updating = of("is_update") ?? (() => 1);
  const before = (values) => (k, d) => (k > 0 ? values(k - 1, d) : 0);
  const decayed = (k, d) =>
    constants.weight_decay === undefined || !updating(k)
      ? theta(k, d)
      : round(theta(k, d) - round(round(theta(k, d) * constants.weight_decay) * lr(k)));
  const coordinates = header.coordinates;
  const square = (k, d) => round(mean(k, d) * mean(k, d));
  const each = header.norm === "each"
    ? (k, d) => round(Math.sqrt(square(k, d)))
    : (k) => round(Math.sqrt(round(square(k, 0) + square(k, 1))));
  const norm = of("norm") ?? each; // it comes along where a variable has more entries than are shown
  const momentum = (k) => (updates(k) === 0 ? 0 : header.ema_momentum);
  const named = {
    theta,
    grad,
    step,
    ema,
    lr,
    bucket,
    norm,
    decayed,
    scale,
    momentum,
    grad_unscaled: unscaled,
    grad_accumulated: mean,
    grad_clipped: clipped,
    theta_next: (k, d) => theta(k + 1, d),
    ema_before: before(ema),
    bias_correction: bias,
    lr_t: (k) => round(lr(k) / bias(k)),
    moved: (k, d) => (updating(k) ? round(decayed(k, d) + step(k, d)) : theta(k, d)),
    one_minus_momentum: (k) => (updates(k) === 0 ? 1 : round(1 - header.ema_momentum)),
  };
  for (const name of moments) {
    named[name] = of(name);
    named[`${name}_before`] = before(named[name]);
  }
  // A dynamic loss scale leaves a step out when its scaled gradient overflowed.
  const skipped = (k) => Boolean(arrays.scale) && !coordinates.every((_, d) => Number.isFinite(grad(k, d)));
  const every = constants.ema_overwrite_frequency;
  const { variant, letter, label, diagnosis, summary, start, windows, clipped: isClipped, ledger } = header;
  return {
    ...named,
    variant,
    letter,
    label,
    diagnosis,
    summary,
    arrays,
    loss,
    steps,
    coordinates,
    surface,
    start,
    windows,
    clipped: isClipped,
    hasEma: Boolean(arrays.ema),
    ledger,
    largest: header.largest || 1,
    rate: lr,
    update: updates,
    isUpdate: (k) => Boolean(updating(k)),
    isOverwrite: (k) => every > 0 && (updates(k) + 1) % every === 0 && !skipped(k),
    isSkipped: skipped,
    branch: (k, d) => named.u !== undefined && Boolean(updating(k)) && Math.abs(clipped(k, d)) === named.u(k, d),
    value: (name, k, d) => (named[name] ?? of(name))?.(k, d) ?? constants[name],
    between: (values, position) => between(values, position, steps, coordinates.length),
  };
}

/** The point that lies at a (fractional) playhead between the steps of a path.
 *
 * @param {Quantity} values
 * @param {number} position
 * @param {number} steps
 * @returns {number[]}
 */
export function between(values, position, steps, coordinates = 2) {
  const whole = Math.min(Math.floor(position), steps);
  const part = position - whole;
  return Array.from({ length: coordinates }, (_, d) => {
    const [a, b] = [values(whole, d), values(Math.min(whole + 1, steps), d)];
    return part > 0 && Number.isFinite(b) ? a + (b - a) * part : a;
  });
}

/** The arrays whose names begin with a prefix and a dot, without these.
 *
 * @param {Arrays} arrays
 * @param {string} prefix
 * @returns {Arrays}
 */
export function arraysOf(arrays, prefix) {
  const start = `${prefix}.`;
  return Object.fromEntries(
    Object.entries(arrays).filter(([name]) => name.startsWith(start)).map((
      [name, array],
    ) => [name.slice(start.length), array]),
  );
}

/** The runs of a payload, over one surface.
 *
 * @param {Payload} payload
 * @param {Surface} surface
 * @returns {Run[]}
 */
export function makeRuns({ header, arrays }, surface) {
  return header.runs.map((own, i) =>
    makeRun({ header: { start: header.start, ...own }, arrays: arraysOf(arrays, String(i)) }, surface)
  );
}

/** The charts of one run with their values: from its arrays, or computed by the run. */
export function makeCharts(panels, run) {
  return panels.map((panel) => ({
    ...panel,
    lines: panel.lines.map((line) => ({ ...line, values: valuesOf(run, line.array, line.column) })),
  }));
}

/** The charts with the lines of the runs that are shown, for one coordinate: "x", "y", or "norm" for both together. */
export function makeComparedCharts(panels, runs, coordinate, isShown) {
  return panels.map((panel) => ({
    ...panel,
    lines: panel.lines
      .filter((line) => isShown(runs[line.run]))
      .filter((line) => line.coordinate === "" || line.coordinate === (coordinate === "norm" ? "x" : coordinate))
      .map((line) => comparedLine(panel, line, runs[line.run], coordinate)),
  }));
}

function comparedLine(panel, line, run, coordinate) {
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

/** The surface of the payload, if it brought one.
 *
 * @param {Payload} payload
 * @returns {Surface | null}
 */
export function makeSurface({ header, arrays }) {
  if (!arrays.shade) return null;
  return { ...header.surface, shade: arrays.shade.data };
}
