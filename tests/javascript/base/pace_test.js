// Work that need not be done in every frame.

import assert from "node:assert/strict";
import { changes, paced } from "../../../adamax_viz/player/assets/base/pace.js";

Deno.test("a plain value is new where it says something else than the last", () => {
  const isNew = changes();
  const told = [[["a", 1]], [["a", 1]], [["a", 2]], [["a", 1]], [null]].map(([value]) => isNew(value));
  assert.deepEqual(told, [true, false, true, true, true]);
});

Deno.test("at rest it is always time again, while something plays only after a while", () => {
  const isDue = paced(60_000);
  assert.deepEqual([isDue(true), isDue(true), isDue(false), isDue(false)], [true, false, true, true]);
});
