// @ts-check
// What a landscape shows at first, where that is less than the whole surface.

/** @import { Pair, Path } from "../../base/types.js" */

/**
 * The square around the first steps of some paths.
 * @param {Path[]} runs
 * @param {number} first
 * @returns {[Pair, Pair]}
 */
export function near(runs, first) {
  const points = runs.flatMap((run) =>
    Array.from({ length: Math.min(first, run.steps) + 1 }, (_, k) => [run.theta(k, 0), run.theta(k, 1)])
  );
  const sides = [0, 1].map((d) => points.map((point) => point[d]).filter(Number.isFinite));
  const spans = sides.map((values) => Math.max(...values) - Math.min(...values));
  const half = 0.7 * Math.max(...spans, 1e-6);
  return /** @type {[Pair, Pair]} */ (sides.map((values) => {
    const middle = (Math.max(...values) + Math.min(...values)) / 2;
    return [middle - half, middle + half];
  }));
}
