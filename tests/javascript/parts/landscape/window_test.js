// Which part of the surface is in sight.

import assert from "node:assert/strict";
import { around } from "../../../../adamax_viz/player/assets/parts/landscape/window.js";

const path = (...points) => ({ steps: points.length - 1, theta: (k, d) => points[k][d] });

Deno.test("the first steps of all paths lie in a square with air around them", () => {
  const window = around([path([0, 0], [4, 1], [100, 100]), path([0, 0], [-1, 2])], 1);
  assert.deepEqual(window, [[1.5 - 3.5, 1.5 + 3.5], [1 - 3.5, 1 + 3.5]]);
});

Deno.test("what is not finite does not count, and what does not move still has a square", () => {
  const [x, y] = around([path([1, 2], [NaN, Infinity])], 5);
  assert.ok(x[0] < 1 && x[1] > 1 && y[0] < 2 && y[1] > 2);
});
