// A training's payload as functions: values between the steps that were kept, names and sizes of weights.

import assert from "node:assert/strict";
import {
  fillSteps,
  frameAt,
  nameOf,
  spread,
  variableOf,
  weightsAt,
} from "../../../../adamax_viz/player/assets/parts/training/payload.js";

const VARIABLES = [
  { name: "hidden_1/kernel", first: 0, size: 6, shape: [2, 3] },
  { name: "hidden_1/bias", first: 6, size: 3, shape: [3] },
  { name: "output/kernel", first: 9, size: 3, shape: [3, 1] },
];

Deno.test("a value holds until the next; before the first there is none", () => {
  assert.deepEqual(Array.from(spread([5, 7], [1, 3], 5)), [NaN, 5, 5, 7, 7]);
  assert.deepEqual(Array.from(spread([], [], 2)), [NaN, NaN]);
  assert.deepEqual(Array.from(spread([1, 2], Float32Array.of(0, 4), 3)), [1, 1, 1, 1, 2]); // a point after the last step
});

Deno.test("lines with steps of their own are filled, their upper edges too; others are as they came", () => {
  const array = (...values) => ({ data: Float32Array.from(values), columns: 1 });
  const arrays = { a: array(1, 2), high: array(3, 4), at: array(0, 2), b: array(9, 8, 7) };
  const line = { quantity: "loss", coordinate: "", label: "", column: 0 };
  const chart = {
    key: "loss",
    title: "Loss",
    help: "",
    log: true,
    lines: [{ ...line, array: "a", upper: "high", at: "at" }, { ...line, array: "b" }],
  };
  const [{ lines }] = fillSteps([chart], arrays, 3);
  assert.deepEqual(Array.from(lines[0].values), [1, 1, 2]);
  assert.deepEqual(Array.from(lines[0].upper), [3, 3, 4]);
  assert.deepEqual(Array.from(lines[1].values), [9, 8, 7]);
  assert.equal(lines[1].upper, undefined);
});

Deno.test("a weight is called by its variable and its place in it, last index fastest", () => {
  const name = (column) => nameOf(VARIABLES, column);
  assert.equal(name(0), "hidden_1/kernel[0,0]");
  assert.equal(name(4), "hidden_1/kernel[1,1]");
  assert.equal(name(8), "hidden_1/bias[2]");
  assert.equal(name(11), "output/kernel[2,0]");
  assert.equal(variableOf(VARIABLES, 9), 2);
  assert.throws(() => name(12), RangeError);
});

Deno.test("the picture at a playhead is the last one that is not later", () => {
  const steps = Float32Array.of(0, 10, 20);
  assert.equal(frameAt(undefined, 5), 0);
  assert.deepEqual([0, 9.99, 10, 15, 20, 999].map((position) => frameAt(steps, position)), [0, 0, 1, 1, 2, 2]);
});

Deno.test("weights travel as bytes around 128, as parts of the largest of their variable", () => {
  const bytes = Uint8Array.from([128, 255, 1, 128, 128, 128, 255, 128, 128, 128, 128, 64]);
  const later = bytes.map(() => 128);
  const arrays = {
    weights: { data: Uint8Array.of(...bytes, ...later), columns: 12 },
    "weights.scale": { data: Float32Array.of(2, 0.5, 4), columns: 1 },
  };
  const first = weightsAt({ variables: VARIABLES }, arrays, 0);
  assert.deepEqual(first(1), { part: 1, value: 2 });
  assert.deepEqual(first(2), { part: -1, value: -2 });
  assert.deepEqual(first(6), { part: 1, value: 0.5 });
  assert.equal(first(11).value, (-64 / 127) * 4);
  assert.equal(weightsAt({ variables: VARIABLES }, arrays, 1)(1).value, 0);
  assert.equal(weightsAt({ variables: VARIABLES }, {}, 0), null);
});
