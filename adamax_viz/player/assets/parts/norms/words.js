// What a p means, as a formula with its numbers and in sentences computed from what is drawn.

import { format } from "../../base/format.js";
import { entering } from "./norm.js";
import { endOf } from "./paths.js";

/**
 * @import { Accumulated } from "./norm.js"
 * @import { PathsOf } from "./paths.js"
 */

const sub = (/** @type {string} */ base, /** @type {string} */ index) => `<msub>${base}<mi>${index}</mi></msub>`;
const math = (/** @type {string} */ body) => `<math>${body}</math> `;
const U = '<mi style="color: var(--text-u)">u</mi>';
const T1 = "t−1";
const BETA = sub("<mi>β</mi>", "2");
const SIZE = `<mo>|</mo>${sub('<mi style="color: var(--text-grad)">g</mi>', "t")}<mo>|</mo>`;

/** @param {number} p */
export function nameOf(p) {
  return p === Infinity ? "p = ∞" : `p = ${format(p, 3)}`;
}

/** @type {(p: number, beta_2: number) => string} the recursion with this p's numbers beside it, as MathML */
export function formulaOf(p, beta_2) {
  if (p === Infinity) {
    return math(`${sub(U, "t")}<mo>=</mo><mi>max</mi><mo>(</mo>${BETA}${sub(U, T1)}<mo>,</mo>${SIZE}<mo>)</mo>`);
  }
  const [faded, rest] = [beta_2 ** p, 1 - beta_2 ** p].map((value) => `<mn>${format(value, 3)}</mn>`);
  const power = "<msubsup><mi>β</mi><mn>2</mn><mi>p</mi></msubsup>";
  const before = `${power}${sub("<mi>v</mi>", T1)}`;
  const now = `<mo>(</mo><mn>1</mn><mo>−</mo>${power}<mo>)</mo><msup><mrow>${SIZE}</mrow><mi>p</mi></msup>`;
  const inside = `<mrow><mo>(</mo>${before}<mo>+</mo>${now}<mo>)</mo></mrow>`;
  const exponent = "<mrow><mn>1</mn><mo>/</mo><mi>p</mi></mrow>";
  const left = `<msubsup><mi style="color: var(--text-u)">v</mi><mi>t</mi>${exponent}</msubsup>`;
  const numbers = `${power}<mo>=</mo>${faded}<mspace width="1em"/><mn>1</mn><mo>−</mo>${power}<mo>=</mo>${rest}`;
  return math(`${left}<mo>=</mo><msup>${inside}${exponent}</msup>`) + math(numbers);
}

/**
 * How much of a gradient enters, and how far the accumulator `now` under this p is from the max, that of an infinite p.
 * @type {(p: number, beta_2: number, now: Accumulated, max: Accumulated) => string}
 */
export function accumulatorWords(p, beta_2, now, max) {
  const { gap, at } = widestGap(now.u, max.u);
  const distance = gap < 1e-12
    ? "On these gradients the accumulator is the max, step by step."
    : `On these gradients the accumulator is up to ${format(100 * gap, 2)} % away from the max, at step ${at}.`;
  const share = format(100 * entering(p, beta_2), 3);
  return `At ${nameOf(p)} a gradient alone enters with ${share} % of its size. ${distance}`;
}

/** @type {(values: Float64Array, others: Float64Array) => {gap: number, at: number}} as a part of the others */
export function widestGap(values, others) {
  const gaps = values.map((value, k) => Math.abs(value - others[k]) / (others[k] || 1));
  const at = gaps.reduce((widest, gap, k) => (gap > gaps[widest] ? k : widest), 0);
  return { gap: gaps[at] ?? 0, at };
}

/** @type {(paths: PathsOf, stop: number) => string} */
export function pathWords(paths, stop) {
  const [chosen, adam, adamax] = [stop, 0, paths.stops - 1].map((each) => endOf(paths, each));
  return `On the surface, ${paths.steps} steps end at ${chosen}; with p = 2 at ${adam}; with p = ∞ at ${adamax}.`;
}
