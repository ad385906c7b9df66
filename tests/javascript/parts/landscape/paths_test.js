// Where the labels of many runs stand.

import assert from "node:assert/strict";
import { stack } from "../../../../adamax_viz/player/assets/parts/landscape/paths.js";

const LIMITS = { low: 10, high: 100, apart: 14 };
const stacked = (...places) => {
  const labels = places.map(([x, y]) => ({ x, y, width: 30 }));
  stack(labels, LIMITS);
  return labels.map(({ x, y }) => [x, y]);
};

Deno.test("labels that are apart stay beside their heads", () => {
  assert.deepEqual(stacked([0, 20], [0, 40], [80, 41]), [[0, 20], [0, 40], [80, 41]]);
});

Deno.test("a label moves down until it covers none above it", () => {
  assert.deepEqual(stacked([0, 22], [0, 20], [10, 21]), [[0, 20], [10, 34], [0, 48]]);
});

Deno.test("at the lower edge all that would be cut move up together", () => {
  assert.deepEqual(stacked([0, 95], [0, 96], [0, 97], [0, 30]), [[0, 30], [0, 72], [0, 86], [0, 100]]);
});

Deno.test("none stands above the upper edge", () => {
  assert.deepEqual(stacked([0, 1], [0, 2]), [[0, 10], [0, 24]]);
});
