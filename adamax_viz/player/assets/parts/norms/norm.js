// The decaying p-norm of gradients, as adamax_viz.core.rules computes it; the tests hold both against each other.

/**
 * Of gradients under a p from 2 to Infinity: u corrected for its start at zero, step as a part of the learning rate.
 * @typedef {{beta_1: number, beta_2: number, epsilon: number}} Rates
 * @typedef {Record<"u" | "step", Float64Array>} Accumulated
 * @type {(gradients: number[], p: number, rates: Rates) => Accumulated}
 */
export function accumulate(gradients, p, { beta_1, beta_2, epsilon }) {
  const [u, step] = [new Float64Array(gradients.length), new Float64Array(gradients.length)];
  let [m, norm] = [0, 0];
  for (let k = 0; k < gradients.length; k++) {
    const g = gradients[k];
    m += (g - m) * (1 - beta_1);
    norm = next(norm, Math.abs(g), p, beta_2);
    u[k] = p === Infinity ? norm : norm / (1 - beta_2 ** (p * (k + 1))) ** (1 / p);
    step[k] = Math.abs(m) / ((1 - beta_1 ** (k + 1)) * (u[k] + epsilon));
  }
  return { u, step };
}

/**
 * One step of the norm. Powers are taken of ratios to the larger part, so that none overflows.
 * @type {(norm: number, size: number, p: number, beta_2: number) => number}
 */
function next(norm, size, p, beta_2) {
  const faded = beta_2 * norm;
  const largest = Math.max(faded, size);
  if (p === Infinity || largest === 0) return largest;
  const share = (faded / largest) ** p + (1 - beta_2 ** p) * (size / largest) ** p;
  return largest * share ** (1 / p);
}

/** @type {(p: number, beta_2: number) => number} the part of its size with which a gradient enters, uncorrected */
export function entering(p, beta_2) {
  return p === Infinity ? 1 : (1 - beta_2 ** p) ** (1 / p);
}
