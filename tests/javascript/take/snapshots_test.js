// A page without a server shows a surface that moves as it was at the nearest of some steps.

import assert from "node:assert/strict";
import { embeddedSurface } from "../../../adamax_viz/player/assets/take/snapshots.js";

const payload = (steps) => ({
  header: { query: "", snapshots: steps.map((t) => ({ key: `@${t}`, t })) },
  arrays: Object.fromEntries(steps.map((t, i) => [`shade@${i}`, { data: Float32Array.of(t), columns: 1 }])),
});

Deno.test("the nearest step's surface comes with its heights, the same object each time", () => {
  const page = payload([0, 10, 20]);
  assert.deepEqual([0, 4, 6, 10, 999].map((step) => embeddedSurface(page, step)?.t), [0, 0, 10, 10, 20]);
  assert.deepEqual(embeddedSurface(page, 12)?.shade, Float32Array.of(10));
  assert.equal(embeddedSurface(page, 11), embeddedSurface(page, 9));
});

Deno.test("a page whose surface rests has none", () => {
  assert.equal(embeddedSurface({ header: { query: "" }, arrays: {} }, 3), null);
});
