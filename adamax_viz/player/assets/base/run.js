// A decoded payload as the runs that landscape, charts and ledger ask: plain functions of step and coordinate.

import { arraysOf } from "./payload.js";

/** @import { Arrays, Payload, Quantity, Run, RunHeader, RunsHeader, Surface, SurfaceHeader, SurfaceRun } from "./types.js" */

/**
 * A run from its own header and its arrays, for the ledger, the charts and the landscape. What did not travel is
 * computed by the one operation that it follows from, rounded as the run's numbers are.
 * @param {Payload<RunHeader>} payload
 * @returns {Run}
 */
export function makeRun({ header, arrays }) {
  const { constants, steps, coordinates, inside = 0 } = header;
  const round = rounding(header);
  const named = quantitiesOf(header, arrays);
  const { theta, grad, loss, grad_clipped, m, u, v, step, ema, lr, update, is_update } = named;
  // A dynamic loss scale leaves a step out when its scaled gradient overflowed.
  const isSkipped = (/** @type {number} */ k) =>
    arrays.scale !== undefined && !coordinates.every((_, d) => Number.isFinite(grad(k, d)));
  const every = constants.ema_overwrite_frequency ?? 0;
  const { variant, letter, label, diagnosis, summary, start, windows, clipped, ledger, largest } = header;
  const words = { variant, letter, label, diagnosis, summary, ledger };
  return {
    ...words,
    ...{ steps, coordinates, start, windows, clipped, arrays },
    ...{ theta, loss, grad, grad_clipped, m, u, v, step, ema, update },
    rate: lr,
    hasEma: arrays.ema !== undefined,
    largest: largest || 1,
    isUpdate: (k) => Boolean(is_update(k)),
    isOverwrite: (k) => every > 0 && (update(k) + 1) % every === 0 && !isSkipped(k),
    isSkipped,
    branch: (k, d) => Boolean(is_update(k)) && round(Math.abs(grad_clipped(k, d)) + inside) === u?.(k, d),
    value: (name, k, d) => (named[name] ?? read(arrays, name))?.(k, d) ?? constants[name],
    between: (values, position) => between(values, position, steps, coordinates.length),
  };
}

/**
 * How the run's numbers are rounded.
 * @param {RunHeader} header
 * @returns {(value: number) => number}
 */
function rounding({ dtype }) {
  return dtype === "float32" ? Math.fround : (value) => value;
}

/**
 * The quantities of each step by their names in the ledger.
 * @param {RunHeader} header
 * @param {Arrays} arrays
 * @returns {Record<string, Quantity>}
 */
function quantitiesOf(header, arrays) {
  const { constants, moments = ["m", "u"] } = header;
  const round = rounding(header);
  const of = (/** @type {string} */ name) => read(arrays, name);
  const [theta, grad, step, lr] = ["theta", "grad", "step", "lr"].map((name) => of(name) ?? nothing);
  const bias = of("bias_correction") ?? nothing;
  const scale = of("scale") ?? (() => header.scale ?? 1);
  const update = of("update") ?? ((k) => Math.floor(k / header.windows));
  const isUpdate = of("is_update") ?? (() => 1);
  /** @type {Quantity} */
  const unscaled = header.scaled ? (k, d) => round(grad(k, d) / scale(k, d)) : grad;
  const mean = of("grad_accumulated") ?? unscaled;
  const ema = of("ema") ?? nothing;
  /** @type {Quantity} */
  const square = (k, d) => round(mean(k, d) * mean(k, d));
  /** @type {Quantity} */
  const norm = header.norm === "each"
    ? (k, d) => round(Math.sqrt(square(k, d)))
    : (k) => round(Math.sqrt(round(square(k, 0) + square(k, 1))));
  /** @type {Quantity} */
  const decayed = (k, d) =>
    constants.weight_decay === undefined || !isUpdate(k)
      ? theta(k, d)
      : round(theta(k, d) - round(round(theta(k, d) * constants.weight_decay) * lr(k)));
  const kept = moments.map((name) => /** @type {const} */ ([name, of(name) ?? nothing]));
  return {
    ...Object.fromEntries(kept),
    ...Object.fromEntries(kept.map(([name, values]) => [`${name}_before`, before(values)])),
    theta,
    loss: of("loss") ?? nothing,
    grad,
    step,
    lr,
    scale,
    ema,
    decayed,
    update,
    is_update: isUpdate,
    bucket: of("bucket") ?? (() => 0),
    norm: of("norm") ?? norm, // it comes along where a variable has more entries than are shown
    grad_unscaled: unscaled,
    grad_accumulated: mean,
    grad_clipped: of("grad_clipped") ?? mean,
    theta_next: (k, d) => theta(k + 1, d),
    ema_before: before(ema),
    bias_correction: bias,
    lr_t: (k) => round(lr(k) / bias(k)),
    moved: (k, d) => (isUpdate(k) ? round(decayed(k, d) + step(k, d)) : theta(k, d)),
    momentum: (k) => (update(k) === 0 ? 0 : header.ema_momentum),
    one_minus_momentum: (k) => (update(k) === 0 ? 1 : round(1 - header.ema_momentum)),
  };
}

/** @type {Quantity} */
const nothing = () => NaN;

/**
 * The quantity as the step before left it; all begin at zero.
 * @param {Quantity} values
 * @returns {Quantity}
 */
function before(values) {
  return (k, d) => (k > 0 ? values(k - 1, d) : 0);
}

/**
 * An array as a function of step and coordinate; one column serves all coordinates.
 * @param {Arrays} arrays
 * @param {string} name
 * @returns {Quantity | undefined}
 */
function read(arrays, name) {
  const array = arrays[name];
  if (!array) return undefined;
  const { data, columns } = array;
  return columns > 1 ? (k, d = 0) => data[k * columns + d] : (k) => data[k];
}

/**
 * The point that lies at a (fractional) playhead between the steps of a path.
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

/**
 * The runs of a payload, over one surface.
 * @param {Payload<RunsHeader>} payload
 * @param {Surface} surface
 * @returns {SurfaceRun[]}
 */
export function makeRuns({ header: { start, runs }, arrays }, surface) {
  return runs.map((header, i) => ({
    ...makeRun({ header: { start, ...header }, arrays: arraysOf(arrays, String(i)) }),
    surface,
  }));
}

/**
 * The surface of the payload, if it brought one.
 * @param {Payload<{surface: SurfaceHeader}>} payload
 * @returns {Surface | null}
 */
export function makeSurface({ header, arrays }) {
  return arrays.shade ? { ...header.surface, shade: arrays.shade.data } : null;
}
