// Arithmetic of colours.

import assert from "node:assert/strict";
import { along, mixed, rgb } from "../../../../adamax_viz/player/assets/base/plot/colour.js";

Deno.test("a hexadecimal colour is three numbers", () => {
  assert.deepEqual(rgb("#0072b2"), [0, 114, 178]);
  assert.deepEqual(rgb("#FFFFFF"), [255, 255, 255]);
});

Deno.test("a mixture begins at the one and ends at the other", () => {
  const [black, blue] = [rgb("#000000"), rgb("#0072b2")];
  assert.deepEqual(mixed(black, blue, 0), black);
  assert.deepEqual(mixed(black, blue, 1), blue);
  assert.deepEqual(mixed(black, blue, 0.5), [0, 57, 89]);
});

Deno.test("along several colours each has its place, and the last is reached", () => {
  const colours = [[0, 0, 0], [100, 0, 0], [100, 200, 0]];
  assert.deepEqual([0, 0.25, 0.5, 0.75, 1].map((place) => along(colours, place)[0]), [0, 50, 100, 100, 100]);
  assert.deepEqual(along(colours, 0.75), [100, 100, 0]);
  assert.deepEqual(along(colours, 1), [100, 200, 0]);
});
