// A decoded payload as the runs that landscape, charts and ledger ask: plain functions of step and coordinate.

import { arraysOf } from "./payload.js";

/**
 * @import { ArrayOf, Arrays, Payload, Quantity, Run, RunHeader, RunsHeader } from "./types.js"
 * @import { Surface, SurfaceHeader, SurfaceRun } from "./types.js"
 */

/**
 * A run from its own header and its arrays, for the ledger, the charts and the landscape. What did not travel is
 * computed by the one operation that it follows from, rounded as the run's numbers are.
 * @type {(payload: Payload<RunHeader>) => Run}
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
  return {
    ...header,
    ...{ theta, loss, grad, grad_clipped, m, u, v, step, ema, update, arrays },
    rate: lr,
    hasEma: arrays.ema !== undefined,
    largest: header.largest || 1,
    isUpdate: (k) => Boolean(is_update(k)),
    isOverwrite: (k) => every > 0 && (update(k) + 1) % every === 0 && !isSkipped(k),
    isSkipped,
    branch: (k, d) => Boolean(is_update(k)) && round(Math.abs(grad_clipped(k, d)) + inside) === u?.(k, d),
    value: (name, k, d) => named[name]?.(k, d) ?? constants[name],
    between: (values, position) => between(values, position, steps, coordinates.length),
  };
}

/** @type {(header: RunHeader) => (value: number) => number} */
function rounding({ dtype }) {
  return dtype === "float32" ? Math.fround : (value) => value;
}

/** @type {(header: RunHeader, arrays: Arrays) => Record<string, Quantity>} by their names in the ledger */
function quantitiesOf(header, arrays) {
  const { constants, moments = ["m", "u"], ema_momentum } = header;
  const round = rounding(header);
  const known = ["theta", "grad", "step", "lr", "loss", "ema", "bias_correction", ...moments];
  /** @type {(name: string) => [string, Quantity]} as the step before left it; all begin at zero */
  const before = (name) => [`${name}_before`, (k, d) => (k > 0 ? of[name](k - 1, d) : 0)];
  /** @type {Quantity} */
  const square = (k, d) => round(of.grad_accumulated(k, d) * of.grad_accumulated(k, d));
  /** @type {Record<string, Quantity>} computed, unless it came along */
  const of = {
    ...Object.fromEntries(known.map((name) => [name, () => NaN])),
    ...Object.fromEntries([...moments, "ema"].map(before)),
    scale: () => header.scale ?? 1,
    update: (k) => Math.floor(k / header.windows),
    is_update: () => 1,
    bucket: () => 0,
    grad_unscaled: (k, d) => (header.scaled ? round(of.grad(k, d) / of.scale(k, d)) : of.grad(k, d)),
    grad_accumulated: (k, d) => of.grad_unscaled(k, d),
    grad_clipped: (k, d) => of.grad_accumulated(k, d),
    // It comes along where a variable has more entries than are shown.
    norm: (k, d) => round(Math.sqrt(header.norm === "each" ? square(k, d) : round(square(k, 0) + square(k, 1)))),
    decayed: (k, d) =>
      constants.weight_decay === undefined || !of.is_update(k)
        ? of.theta(k, d)
        : round(of.theta(k, d) - round(round(of.theta(k, d) * constants.weight_decay) * of.lr(k))),
    theta_next: (k, d) => of.theta(k + 1, d),
    lr_t: (k) => round(of.lr(k) / of.bias_correction(k)),
    moved: (k, d) => (of.is_update(k) ? round(of.decayed(k, d) + of.step(k, d)) : of.theta(k, d)),
    momentum: (k) => (of.update(k) === 0 ? 0 : ema_momentum),
    one_minus_momentum: (k) => (of.update(k) === 0 ? 1 : round(1 - ema_momentum)),
    ...Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, quantityOf(array)])),
  };
  return of;
}

/** @type {(array: ArrayOf) => Quantity} one column serves all coordinates */
export function quantityOf({ data, columns }) {
  return columns > 1 ? (k, d = 0) => data[k * columns + d] : (k) => data[k];
}

/**
 * The point that lies at a (fractional) playhead between the steps of a path.
 * @type {(values: Quantity, position: number, steps: number, coordinates?: number) => number[]}
 */
export function between(values, position, steps, coordinates = 2) {
  const whole = Math.min(Math.floor(position), steps);
  const part = position - whole;
  return Array.from({ length: coordinates }, (_, d) => {
    const [a, b] = [values(whole, d), values(Math.min(whole + 1, steps), d)];
    return part > 0 && Number.isFinite(b) ? a + (b - a) * part : a;
  });
}

/** @type {(payload: Payload<RunsHeader>, surface: Surface) => SurfaceRun[]} */
export function makeRuns({ header: { start, runs }, arrays }, surface) {
  return runs.map((header, i) => ({
    ...makeRun({ header: { start, ...header }, arrays: arraysOf(arrays, String(i)) }),
    surface,
  }));
}

/** @type {(payload: Payload<{surface: SurfaceHeader}>) => Surface | null} if it brought one */
export function makeSurface({ header, arrays }) {
  return arrays.shade ? { ...header.surface, shade: arrays.shade.data } : null;
}
