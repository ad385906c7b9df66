// A run's numbers as the ledger shows them; tests/javascript/test_twins.py holds them against Python's.

import assert from "node:assert/strict";
import { between, makeRun, makeRuns, makeSurface } from "../../../adamax_viz/player/assets/base/run.js";

const column = (...values) => ({ data: Float64Array.from(values), columns: 1 });
const pairs = (...values) => ({ data: Float64Array.from(values), columns: 2 });
const HEADER = {
  dtype: "float64",
  steps: 2,
  coordinates: ["x", "y"],
  moments: ["m", "u"],
  windows: 1,
  clipped: false,
  scaled: false,
  scale: null,
  norm: "all",
  ema_momentum: 0.9,
  largest: 5,
  constants: { beta_1: 0.9 },
  ledger: [],
};
const ARRAYS = {
  theta: pairs(1, 2, 0.9, 1.9, 0.8, 1.8),
  loss: column(5, 4, 3),
  grad: pairs(3, 4, 0.3, -0.4),
  m: pairs(0.3, 0.4, 0.3, 0.32),
  u: pairs(3, 4, 2.997, 3.996),
  step: pairs(-0.1, -0.1, -0.1, -0.1),
  lr: column(0.1, 0.2),
  bias_correction: column(0.1, 0.19),
};
const run = (header = {}, arrays = {}) =>
  makeRun({ header: { ...HEADER, ...header }, arrays: { ...ARRAYS, ...arrays } }, null);

Deno.test("arrays are read by step and coordinate; one column serves both", () => {
  const { theta, loss, value } = run();
  assert.deepEqual([theta(1, 0), theta(1, 1), theta(2, 1)], [0.9, 1.9, 1.8]);
  assert.equal(loss(2, 1), 3);
  assert.equal(value("lr", 1, 1), 0.2);
  assert.equal(value("beta_1", 0, 0), 0.9);
  assert.equal(value("u", 1, 1), 3.996);
});

Deno.test("what the step before left is zero at first", () => {
  const { value } = run();
  assert.deepEqual([value("m_before", 0, 0), value("m_before", 1, 1), value("u_before", 1, 0)], [0, 0.4, 3]);
  assert.equal(value("theta_next", 1, 0), 0.8);
});

Deno.test("where nothing was scaled, averaged or clipped, all are the gradient", () => {
  const { value } = run();
  for (const name of ["grad", "grad_unscaled", "grad_accumulated", "grad_clipped"]) {
    assert.equal(value(name, 1, 1), -0.4, name);
  }
});

Deno.test("rates and moves follow by one operation", () => {
  const { value } = run();
  assert.equal(value("lr_t", 1, 0), 0.2 / 0.19);
  assert.equal(value("moved", 0, 0), 1 + -0.1);
  const decayed = run({ constants: { weight_decay: 0.5 } }).value;
  assert.equal(decayed("decayed", 1, 1), 1.9 - 1.9 * 0.5 * 0.2);
  assert.equal(decayed("moved", 1, 1), 1.9 - 1.9 * 0.5 * 0.2 + -0.1);
});

Deno.test("norms are of one coordinate, or of both together", () => {
  assert.equal(run().value("norm", 0, 1), 5);
  assert.equal(run({ norm: "each" }).value("norm", 0, 1), 4);
  assert.equal(run({}, { norm: column(7, 8) }).value("norm", 0, 1), 7); // of more entries than are shown
});

Deno.test("float32 numbers are rounded after each operation", () => {
  const single = Object.fromEntries(
    Object.entries(ARRAYS).map(([name, { data, columns }]) => [name, { data: Float32Array.from(data), columns }]),
  );
  const { value } = run({ dtype: "float32", scaled: true, scale: 3, constants: { weight_decay: 0.1 } }, single);
  const { fround } = Math;
  assert.equal(value("grad_unscaled", 1, 0), fround(fround(0.3) / 3));
  const decay = fround(fround(fround(0.9) * 0.1) * fround(0.2));
  assert.equal(value("decayed", 1, 0), fround(fround(0.9) - decay));
  assert.notEqual(value("decayed", 1, 0), fround(0.9) - fround(0.9) * 0.1 * fround(0.2));
  const [x, y] = [0, 1].map((d) => value("grad_unscaled", 1, d));
  assert.equal(value("norm", 1, 0), fround(Math.sqrt(fround(fround(x * x) + fround(y * y)))));
});

Deno.test("with accumulation only the last step of a window updates", () => {
  const arrays = {
    is_update: { data: Uint8Array.of(0, 1), columns: 1 },
    bucket: pairs(3, 4, 3.3, 3.6),
    grad_accumulated: pairs(0, 0, 1.65, 1.8),
  };
  const { value, isUpdate, update, branch } = run({ windows: 2, constants: { weight_decay: 0.5 } }, arrays);
  assert.deepEqual([0, 1].map(isUpdate), [false, true]);
  assert.deepEqual([0, 1].map(update), [0, 0]);
  assert.equal(value("bucket", 1, 1), 3.6);
  assert.equal(value("grad_clipped", 1, 1), 1.8);
  assert.equal(value("decayed", 0, 0), 1); // nothing decays on the way
  assert.equal(value("moved", 0, 0), 1);
  assert.equal(branch(0, 0), false);
});

Deno.test("the gradient won the max where u is its size", () => {
  const { branch } = run();
  assert.deepEqual([branch(0, 0), branch(0, 1), branch(1, 0)], [true, true, false]);
  const { u, ...others } = ARRAYS;
  const adam = makeRun({ header: { ...HEADER, moments: ["m", "v"] }, arrays: { ...others, v: u } });
  assert.equal(adam.branch(0, 0), false); // it has no max
});

Deno.test("a dynamic loss scale leaves a step out whose gradient overflowed", () => {
  const arrays = { scale: column(8, 4), grad: pairs(Infinity, 4, 0.4, 2), update: column(0, 0) };
  const { isSkipped, isOverwrite, value } = run({ scaled: true, constants: { ema_overwrite_frequency: 1 } }, arrays);
  assert.deepEqual([0, 1].map(isSkipped), [true, false]);
  assert.deepEqual([0, 1].map(isOverwrite), [false, true]);
  assert.equal(value("grad_unscaled", 1, 1), 0.5);
  assert.equal(value("scale", 1, 0), 4);
});

Deno.test("a scale that is always the same does not travel", () => {
  assert.equal(run({ scaled: true, scale: 4 }).value("grad_unscaled", 0, 1), 1);
  assert.equal(run({ scaled: true, scale: 4 }).isSkipped(0), false);
});

Deno.test("the average begins as the weights, and overwrites them every so many updates", () => {
  const ema = run({ constants: { ema_overwrite_frequency: 2 } }, { ema: pairs(1, 2, 0.95, 1.95) });
  assert.equal(ema.hasEma, true);
  assert.deepEqual([0, 1].map((k) => ema.value("momentum", k, 0)), [0, 0.9]);
  assert.deepEqual([0, 1].map((k) => ema.value("one_minus_momentum", k, 0)), [1, 1 - 0.9]);
  assert.deepEqual([0, 1].map(ema.isOverwrite), [false, true]);
  assert.equal(ema.value("ema_before", 1, 1), 2);
  assert.equal(run().hasEma, false);
  assert.equal(run().isOverwrite(0), false);
});

Deno.test("between two steps a path goes straight; before a value that is not finite it waits", () => {
  const path = (k, d) => [[0, 0], [2, 4], [NaN, 8]][k][d];
  assert.deepEqual(between(path, 0.25, 2), [0.5, 1]);
  assert.deepEqual(between(path, 1.5, 2), [2, 6]);
  assert.deepEqual(between((k) => k, 9, 3, 1), [3]);
});

Deno.test("each run of a study has its own arrays, and a start of its own if it says so", () => {
  const arrays = Object.fromEntries(
    ["0", "1"].flatMap((i) => Object.entries(ARRAYS).map(([name, array]) => [`${i}.${name}`, array])),
  );
  arrays["1.theta"] = pairs(7, 8, 7, 8, 7, 8);
  const runs = [{ ...HEADER, letter: "A" }, { ...HEADER, letter: "B", start: [7, 8] }];
  const [a, b] = makeRuns({ header: { start: [1, 2], runs }, arrays }, null);
  assert.deepEqual([a.letter, a.start, a.theta(0, 1)], ["A", [1, 2], 2]);
  assert.deepEqual([b.letter, b.start, b.theta(0, 1)], ["B", [7, 8], 8]);
});

Deno.test("a payload without heights brings no surface", () => {
  const surface = { key: "bowl@0", t: 0 };
  assert.equal(makeSurface({ header: { surface }, arrays: {} }), null);
  const shade = column(1, 2);
  assert.deepEqual(makeSurface({ header: { surface }, arrays: { shade } }), { ...surface, shade: shade.data });
});
