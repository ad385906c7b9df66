// What Plotly draws of a surface.

import assert from "node:assert/strict";
import { axis, heightAt, rows } from "../../../../adamax_viz/player/assets/parts/landscape/contour.js";

const SURFACE = {
  size: 3,
  domain: [[-1, 1], [0, 4]],
  shade: Float32Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8),
  logarithmic: false,
  lowest: 0,
  floor: 0,
};

Deno.test("rows go up along y, each from left to right", () => {
  assert.deepEqual(axis(SURFACE, 0), [-1, 0, 1]);
  assert.deepEqual(axis(SURFACE, 1), [0, 2, 4]);
  assert.deepEqual(rows(SURFACE).map((row) => Array.from(row)), [[0, 1, 2], [3, 4, 5], [6, 7, 8]]);
});

Deno.test("the height at a point is that of the nearest place of the grid; outside there is none", () => {
  assert.equal(heightAt(SURFACE, [0.9, 3.9]), 8);
  assert.equal(heightAt(SURFACE, [-0.2, 1.7]), 4);
  assert.ok(Number.isNaN(heightAt(SURFACE, [1.6, 0])));
});

Deno.test("heights that travel as logarithms are told as heights", () => {
  const surface = { ...SURFACE, logarithmic: true, lowest: 5, floor: 0.5 };
  assert.equal(heightAt(surface, [1, 0]), 100 - 0.5 + 5);
});
