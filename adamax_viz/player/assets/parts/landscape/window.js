// Which part of the surface is in sight.

/** @import { Pair, Path } from "../../base/types.js" */

const AIR = 0.7; // half a side of the square, as a part of the longest side of what it holds

/** @type {(paths: Path[], first: number) => [Pair, Pair]} the square around their first steps */
export function around(paths, first) {
  const [x, y] = [0, 1].map((d) => {
    const values = paths.flatMap(({ theta, steps }) =>
      Array.from({ length: Math.min(first, steps) + 1 }, (_, k) => theta(k, d))
    );
    const finite = values.filter(Number.isFinite);
    const [low, high] = [Math.min(...finite), Math.max(...finite)];
    return { middle: (low + high) / 2, span: high - low };
  });
  const half = AIR * Math.max(x.span, y.span, 1e-6);
  return [[x.middle - half, x.middle + half], [y.middle - half, y.middle + half]];
}
