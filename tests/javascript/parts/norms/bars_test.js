// The axis of the gradients that one can draw.

import assert from "node:assert/strict";
import { rangeOf } from "../../../../adamax_viz/player/assets/parts/norms/bars.js";

Deno.test("the axis holds all bars and curves, with room to draw below zero", () => {
  const [low, high] = rangeOf([1, -2], [Float64Array.of(3, 2)]);
  assert.ok(low < -2 && high > 3);
  const above = rangeOf([1, 2], [Float64Array.of(1)]);
  assert.ok(above[0] < 0);
});

Deno.test("zeros alone still have an axis", () => {
  const [low, high] = rangeOf([0, 0], [Float64Array.of(0, 0)]);
  assert.ok(low < 0 && high > 0);
});
