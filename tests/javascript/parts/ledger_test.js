// What the ledger says of a step.

import assert from "node:assert/strict";
import { nameOf, operand, rests } from "../../../adamax_viz/player/assets/parts/ledger.js";

const run = (over = {}) => ({
  windows: 1,
  steps: 10,
  letter: "",
  label: "",
  isUpdate: () => true,
  isOverwrite: () => false,
  isSkipped: () => false,
  update: (k) => k,
  ...over,
});

Deno.test("rows rest where their stage does not act", () => {
  const at = (when, over) => rests(when, run(over), 3);
  assert.equal(at("always", { isUpdate: () => false, isSkipped: () => true }), false);
  assert.equal(at("update", { isUpdate: () => true }), false);
  assert.equal(at("update", { isUpdate: () => false }), true);
  assert.equal(at("overwrite", {}), true);
  assert.equal(at("overwrite", { isOverwrite: () => true }), false);
  assert.equal(at("applied", {}), false);
  assert.equal(at("applied", { isSkipped: () => true }), true);
});

Deno.test("a minus of its own gets brackets after a sign, and only there", () => {
  assert.equal(operand(-0.5, "+"), "(−0.5)");
  assert.equal(operand(-0.5, "−"), "(−0.5)");
  assert.equal(operand(-0.5, "·"), "(−0.5)");
  assert.equal(operand(-0.5, "("), "−0.5");
  assert.equal(operand(-0.5, undefined), "−0.5");
  assert.equal(operand(-0.5, ""), "−0.5");
  assert.equal(operand(0.5, "+"), "0.5");
  assert.equal(operand(NaN, "+"), "–");
});

Deno.test("a step says which it is, whose, and whether it is the last", () => {
  assert.equal(nameOf(run(), 3), "step 3");
  assert.equal(nameOf(run(), 9), "step 9, the last");
  assert.equal(nameOf(run({ letter: "B", label: "clipnorm 1" }), 0), "B, clipnorm 1, step 0");
});

Deno.test("with accumulation a micro-step says which update it is part of", () => {
  const windows = { windows: 4, update: (k) => Math.floor(k / 4), isUpdate: (k) => k % 4 === 3 };
  assert.equal(nameOf(run(windows), 6), "micro-step 6, on the way to update 1");
  assert.equal(nameOf(run(windows), 7), "micro-step 7, update 1");
});
