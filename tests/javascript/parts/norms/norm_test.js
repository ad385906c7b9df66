// The decaying p-norm; tests/javascript/test_twins.py holds it against Python.

import assert from "node:assert/strict";
import { accumulate, entering } from "../../../../adamax_viz/player/assets/parts/norms/norm.js";

const RATES = { beta_1: 0.9, beta_2: 0.9, epsilon: 1e-7 };
const close = (a, b, tolerance = 1e-12) => assert.ok(Math.abs(a - b) <= tolerance * Math.abs(b), `${a} is not ${b}`);

Deno.test("at infinity it is the max of the faded norm and the gradient", () => {
  const { u } = accumulate([1, -0.5, 0, 2], Infinity, RATES);
  assert.deepEqual(Array.from(u), [1, 0.9, 0.9 * 0.9, 2]);
});

Deno.test("at 2 it is Adam's root of v̂, with β₂ squared", () => {
  const gradients = [1, -0.5, 0.25, 2];
  let v = 0;
  const { u } = accumulate(gradients, 2, RATES);
  gradients.forEach((g, k) => {
    v = 0.81 * v + 0.19 * g * g;
    close(u[k], Math.sqrt(v / (1 - 0.81 ** (k + 1))));
  });
});

Deno.test("a constant gradient gives its own size at every step and every p, and steps of one learning rate", () => {
  for (const p of [2, 3, 8, 1000, Infinity]) {
    const { u, step } = accumulate(Array(20).fill(-0.3), p, { ...RATES, epsilon: 0 });
    for (const value of u) close(value, 0.3);
    for (const value of step) close(value, 1);
  }
});

Deno.test("no power overflows or dies, however large p and the gradients are", () => {
  for (const size of [1e300, 1e-300]) {
    for (const p of [2, 100, 1e6]) {
      const { u } = accumulate([size, size / 2, size], p, RATES);
      assert.ok(u.every((value) => value > size / 4 && value <= size * 1.01), `${u} at p = ${p}`);
    }
  }
});

Deno.test("zeros stay zero, and nothing is divided by them", () => {
  const { u } = accumulate([0, 0], 3, RATES);
  assert.deepEqual(Array.from(u), [0, 0]);
});

Deno.test("a gradient alone enters with the root of 1 − β₂^p of its size; whole at infinity", () => {
  close(entering(2, 0.9), Math.sqrt(1 - 0.81));
  assert.equal(entering(Infinity, 0.9), 1);
  assert.ok(entering(50, 0.9) > entering(4, 0.9));
});
