// Numbers as people write them, and kept within bounds.

/** @type {(value: number, digits?: number) => string} with so many significant digits and a real minus sign */
export function format(value, digits = 4) {
  if (Number.isNaN(value)) return "–";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  const text = size >= 1e5 || size < 1e-4
    ? value.toExponential(digits - 1).replace(/\.?0+e/, "e").replace("e+", "e")
    : String(Number(value.toPrecision(digits)));
  return text.replaceAll("-", "−");
}

/** @type {(value: number, low: number, high: number) => number} */
export function clamp(value, low, high) {
  return Math.min(Math.max(value, low), high);
}

/**
 * A point in pixels, drawn in towards the corner where it lies so far out that a canvas would fill instead of stroke.
 * @type {(x: number, y: number, farthest?: number) => [number, number]}
 */
export function within(x, y, farthest = 1e5) {
  const scale = Math.min(1, farthest / Math.max(Math.abs(x), Math.abs(y)));
  return scale < 1 ? [x * scale, y * scale] : [x, y];
}
