// The start under the arrow keys.

import assert from "node:assert/strict";
import { inCorner, movedByKey } from "../../../../adamax_viz/player/assets/parts/landscape/start.js";

const SIDES = [[-2, 2], [0, 10]];
const key = (name, shiftKey = false) => movedByKey({ key: name, shiftKey }, [1, 1], SIDES);

Deno.test("an arrow key moves by a hundredth of the side, with Shift by five", () => {
  assert.deepEqual(key("ArrowRight"), [1.04, 1]);
  assert.deepEqual(key("ArrowLeft", true), [0.8, 1]);
  assert.deepEqual(key("ArrowUp"), [1, 1.1]);
  assert.deepEqual(key("ArrowDown", true), [1, 0.5]);
});

Deno.test("other keys move nothing", () => {
  assert.equal(key("Enter"), undefined);
});

Deno.test("a start at the right of the top is in the corner of the zoom's buttons", () => {
  const at = (x, y) => inCorner([x, y], SIDES);
  assert.deepEqual([at(1.9, 9.5), at(1.9, 5), at(0, 9.5), at(5, 20)], [true, false, false, true]);
});
