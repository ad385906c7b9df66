// The axes of charts: which range values need, round numbers along it, and which values of a long line are worth a stroke.

/** @import { Pair } from "../types.js" */

/** @type {(range: Pair) => number[]} three to five round numbers on a linear axis */
export function ticks([low, high]) {
  const raw = (high - low) / 3.5;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5].find((times) => times * power >= raw) ?? 10) * power;
  const values = [];
  for (let i = Math.ceil(low / step); i * step <= high; i++) values.push(Number((i * step).toPrecision(12)));
  return values;
}

/** @param {number} last round steps from 0 to it */
export function wholeTicks(last) {
  const values = ticks([0, last]).filter(Number.isInteger);
  return values.length > 1 ? values : [0, last];
}

/** @type {(range: Pair) => number[]} up to five round numbers on a logarithmic axis, whose ends are powers of ten */
export function decades([low, high]) {
  const span = high - low;
  const digits = span > 2 ? [1] : span > 0.8 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 6, 8];
  const every = Math.max(1, Math.ceil(span / 4));
  const values = [];
  for (let power = Math.floor(low); power <= high; power++) {
    for (const digit of span > 2 && power % every ? [] : digits) {
      const value = Number(`${digit}e${power}`);
      if (Math.log10(value) >= low && Math.log10(value) <= high) values.push(value);
    }
  }
  const thin = Math.ceil(values.length / 5);
  return values.filter((_, i) => i % thin === 0);
}

/**
 * The range of an axis: the finite values' with a little air, as powers of ten where `log` asks for it and the values
 * allow it. What hardly changes is drawn as the flat line it is. `limits` are always in sight: a zero lies at the lower.
 * @typedef {{log?: boolean, limits?: Pair | null}} Wanted
 * @type {(lines: Iterable<Iterable<number>>, chart?: Wanted) => {range: Pair, logarithmic: boolean}}
 */
export function axisRange(lines, { log = false, limits = null } = {}) {
  let [low, high] = [Infinity, -Infinity];
  for (const values of lines) {
    for (const value of values) {
      if (!Number.isFinite(value)) continue;
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  if (low > high) return { range: [0, 1], logarithmic: false };
  if (limits) [low, high] = [limits[0], Math.max(high, limits[1])];
  const logarithmic = log && low > 0;
  if (logarithmic) [low, high] = [Math.log10(low), Math.log10(high)];
  const span = Math.max(high - low, (logarithmic ? 0.1 : 0.02) * Math.max(Math.abs(low), Math.abs(high))) || 1;
  const middle = (low + high) / 2;
  return { range: [middle - span * 0.56, middle + span * 0.56], logarithmic };
}

/**
 * Indices to draw: all, or the smallest and the largest of each pixel column.
 * @type {(values: ArrayLike<number>, pixels: number) => Generator<number>}
 */
export function* thinned(values, pixels) {
  const n = values.length;
  const bucket = Math.ceil(n / Math.max(1, pixels));
  if (bucket < 4) {
    for (let k = 0; k < n; k++) yield k;
    return;
  }
  for (let start = 0; start < n; start += bucket) {
    let [low, high] = [start, start];
    for (let k = start; k < Math.min(n, start + bucket); k++) {
      if (values[k] < values[low] || Number.isNaN(values[low])) low = k;
      if (values[k] > values[high] || Number.isNaN(values[high])) high = k;
    }
    yield Math.min(low, high);
    if (low !== high) yield Math.max(low, high);
  }
}
