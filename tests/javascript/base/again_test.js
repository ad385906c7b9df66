// A player that is made anew finds the place of the one before, if another session shows the same.

import assert from "node:assert/strict";
import { isOutdated, leaveAt, placeBefore } from "../../../adamax_viz/player/assets/base/again.js";

const HERE = { query: "surface=booth", session: "first", step: 7, unsaid: { fields: { beta_1: 0.5 }, final: true } };

Deno.test("the same before another session finds its place, once", () => {
  leaveAt(HERE);
  assert.deepEqual(placeBefore("surface=booth", "second"), HERE);
  assert.equal(placeBefore("surface=booth", "second"), null);
});

Deno.test("another picture, or the same session, begins as always", () => {
  leaveAt(HERE);
  assert.equal(placeBefore("surface=ackley", "second"), null);
  leaveAt(HERE);
  assert.equal(placeBefore("surface=booth", "first"), null);
});

Deno.test("a page knows the files it was loaded with", () => {
  assert.equal(isOutdated("one"), false);
  assert.equal(isOutdated("one"), false);
  assert.equal(isOutdated("two"), true);
});
