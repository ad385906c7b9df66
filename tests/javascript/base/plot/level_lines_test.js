// Marching squares: where a grid of values crosses a level.

import assert from "node:assert/strict";
import { levelLines } from "../../../../adamax_viz/player/assets/base/plot/level_lines.js";

const grid = (n, value) => Float64Array.from({ length: n * n }, (_, i) => value(i % n, Math.floor(i / n)));

Deno.test("a level of a slope is a straight line across all rows", () => {
  const lines = [...levelLines(grid(5, (x) => x), 5, 1.25)];
  assert.equal(lines.length, 4);
  for (const point of lines.flat()) assert.ok(Math.abs(point[0] - 1.25) < 1e-12);
});

Deno.test("a level of a bowl is a closed ring at its radius", () => {
  const n = 81;
  const centre = (n - 1) / 2;
  const lines = [...levelLines(grid(n, (x, y) => (x - centre) ** 2 + (y - centre) ** 2), n, 600)];
  const ends = new Map();
  for (const point of lines.flat()) {
    assert.ok(Math.abs(Math.hypot(point[0] - centre, point[1] - centre) - Math.sqrt(600)) < 0.05);
    const key = point.map((value) => value.toFixed(9)).join();
    ends.set(key, (ends.get(key) ?? 0) + 1);
  }
  assert.ok([...ends.values()].every((times) => times === 2), "each end is the beginning of another piece");
});

Deno.test("a saddle's cell has two pieces, which do not cross", () => {
  const lines = [...levelLines(Float64Array.of(1, 0, 0, 1), 2, 0.5)];
  assert.equal(lines.length, 2);
});

Deno.test("levels beyond all values have no line, and values that are no numbers none around them", () => {
  assert.deepEqual([...levelLines(grid(4, (x) => x), 4, 7)], []);
  assert.deepEqual([...levelLines(grid(3, (x, y) => (x === 1 && y === 1 ? NaN : x)), 3, 0.5)], []);
  assert.deepEqual([...levelLines(grid(3, (x, y) => (x === 1 && y === 1 ? Infinity : x)), 3, 0.5)], []);
});
