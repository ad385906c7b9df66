// Numbers as people write them.

import assert from "node:assert/strict";
import { clamp, format, within } from "../../../adamax_viz/player/assets/base/format.js";

Deno.test("numbers keep so many significant digits and lose zeros at the end", () => {
  assert.equal(format(0.001), "0.001");
  assert.equal(format(1 / 3), "0.3333");
  assert.equal(format(1234.5678, 6), "1234.57");
  assert.equal(format(99999), "100000"); // rounded, still short enough to be written out
  assert.equal(format(2.5, 4), "2.5");
});

Deno.test("very large and very small numbers get an exponent", () => {
  assert.equal(format(100000), "1e5");
  assert.equal(format(123456), "1.235e5");
  assert.equal(format(0.0001), "0.0001");
  assert.equal(format(0.00001), "1e−5");
  assert.equal(format(-1.5e-7), "−1.5e−7");
  assert.equal(format(1.2e300, 2), "1.2e300");
});

Deno.test("a minus sign is a minus sign, and what is no number has a sign of its own", () => {
  assert.equal(format(-2), "−2");
  assert.equal(format(NaN), "–");
  assert.equal(format(Infinity), "∞");
  assert.equal(format(-Infinity), "−∞");
  assert.equal(format(0), "0");
  assert.equal(format(-0), "0");
});

Deno.test("values are kept between two others", () => {
  assert.deepEqual([-1, 0.5, 2].map((value) => clamp(value, 0, 1)), [0, 0.5, 1]);
});

Deno.test("a point far out is drawn in along its own direction, one in sight stays", () => {
  assert.deepEqual(within(3, -4), [3, -4]);
  assert.deepEqual(within(2e6, -1e6), [1e5, -5e4]);
  const [x, y] = within(-1e30, 3e29);
  assert.equal(x, -1e5);
  assert.ok(Math.abs(y - 3e4) < 1e-6);
});
