// A decoded payload as the run that landscape, charts and ledger ask: plain functions of step and coordinate.

import { columnValues } from "./payload.js";

/** Everything the views need from one payload; `surface` comes along, or is the one already known. */
export function makeRun({ header, arrays }, surface) {
  const of = (name) => {
    const array = arrays[name];
    return array ? (k, d = 0) => array.data[k * array.columns + (array.columns > 1 ? d : 0)] : null;
  };
  const round = header.dtype === "float32" ? Math.fround : (value) => value;
  const { constants, steps } = header;
  const [theta, loss, grad, m, u, v, step, lr, bias] = [
    ...["theta", "loss", "grad", "m", "u", "v", "step", "lr", "bias_correction"],
  ].map(of);
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
    m,
    ...(u && { u, u_before: before(u) }),
    ...(v && { v, v_before: before(v) }), // of Adam
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
    m_before: before(m),
    ema_before: before(ema),
    bias_correction: bias,
    lr_t: (k) => round(lr(k) / bias(k)),
    moved: (k, d) => (updating(k) ? round(decayed(k, d) + step(k, d)) : theta(k, d)),
    one_minus_momentum: (k) => (updates(k) === 0 ? 1 : round(1 - header.ema_momentum)),
  };
  // A dynamic loss scale leaves a step out when its scaled gradient overflowed.
  const skipped = (k) => Boolean(arrays.scale) && !coordinates.every((_, d) => Number.isFinite(grad(k, d)));
  const every = constants.ema_overwrite_frequency;
  return {
    ...named,
    loss,
    steps,
    coordinates,
    surface,
    start: header.start,
    window: header.window,
    windows: header.windows,
    clipped: header.clipped,
    hasEma: Boolean(arrays.ema),
    ledger: header.ledger,
    largest: header.largest || 1,
    rate: lr,
    update: updates,
    isUpdate: (k) => Boolean(updating(k)),
    isOverwrite: (k) => every > 0 && (updates(k) + 1) % every === 0 && !skipped(k),
    isSkipped: skipped,
    branch: (k, d) => Boolean(u && updating(k)) && Math.abs(clipped(k, d)) === u(k, d),
    value: (name, k, d) => (named[name] ?? of(name))?.(k, d) ?? constants[name],
    between: (values, position) => {
      const whole = Math.min(Math.floor(position), steps);
      const part = position - whole;
      return coordinates.map((_, d) => {
        const [a, b] = [values(whole, d), values(Math.min(whole + 1, steps), d)];
        return part > 0 && Number.isFinite(b) ? a + (b - a) * part : a;
      });
    },
  };
}

/** The charts of the header with their values: from the payload, or computed from it by the run. */
export function makeCharts({ header, arrays }, run) {
  const values = ({ array, column }) =>
    arrays[array]
      ? columnValues(arrays[array], column)
      : Float64Array.from({ length: run.steps }, (_, k) => run.value(array, k, column));
  return header.panels.map((panel) => ({
    ...panel,
    lines: panel.lines.map((line) => ({ ...line, values: values(line) })),
  }));
}

/** The surface of the payload, if it brought one. */
export function makeSurface({ header, arrays }) {
  if (!arrays.shade) return null;
  return { ...header.surface, shade: arrays.shade.data };
}
