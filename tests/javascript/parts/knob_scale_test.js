// A knob's slider: position and value are each other's inverse as far as people can see, and keys go one step.

import assert from "node:assert/strict";
import {
  bounded,
  fromPosition,
  oneMinus,
  pressed,
  TICKS,
  toPosition,
  typed,
} from "../../../adamax_viz/player/assets/parts/knob_scale.js";

const knob = (kind, low, high, step = 1) => ({ kind, low, high, step });
const KNOBS = [
  knob("log", 1e-4, 10),
  knob("decay", 0, 0.9999),
  knob("decay", 0.5, 0.99),
  knob("whole", 1, 1000),
  knob("linear", -5, 5, 0.1),
];

Deno.test("the ends of a slider are the ends of its range", () => {
  for (const one of KNOBS) {
    assert.equal(toPosition(one, one.low), 0, one.kind);
    assert.equal(toPosition(one, one.high), TICKS, one.kind);
    assert.equal(fromPosition(one, 0), one.low, one.kind);
    assert.equal(fromPosition(one, TICKS), one.high, one.kind);
  }
});

Deno.test("values beyond the range stand at its ends", () => {
  for (const one of KNOBS) {
    assert.equal(toPosition(one, one.low - 1), 0, one.kind);
    assert.equal(toPosition(one, one.high + 1), TICKS, one.kind);
  }
});

Deno.test("a value from the slider stands where the thumb was, as nearly as it is written", () => {
  for (const one of KNOBS) {
    for (let position = 0; position <= TICKS; position += 7) {
      const away = Math.abs(toPosition(one, fromPosition(one, position)) - position);
      assert.ok(away <= 12, `${one.kind}: ${position} became ${position + away}`);
    }
  }
});

Deno.test("a slider never goes back while its thumb goes on", () => {
  for (const one of KNOBS) {
    const values = Array.from({ length: TICKS + 1 }, (_, position) => fromPosition(one, position));
    assert.ok(values.every((value, i) => i === 0 || value >= values[i - 1]), one.kind);
  }
});

Deno.test("values are as short as people would write them", () => {
  assert.equal(fromPosition(knob("log", 1e-3, 1), 500), 0.0316);
  assert.equal(fromPosition(knob("decay", 0, 0.9999), 750), 0.999);
  assert.equal(fromPosition(knob("linear", -5, 5, 0.1), 531), 0.3);
  assert.equal(fromPosition(knob("whole", 1, 1000), 333), 334);
});

Deno.test("one minus a small number keeps two digits of the small one", () => {
  assert.deepEqual([0.1, 0.001, 0.0015, 0.00008].map(oneMinus), [0.9, 0.999, 0.9985, 0.99992]);
  assert.equal(oneMinus(0.000123), 0.99988);
});

Deno.test("a key moves by one step of the knob's own kind, and stays inside", () => {
  assert.equal(pressed(knob("whole", 1, 10), 4, 1), 5);
  assert.equal(pressed(knob("whole", 1, 10), 4, -10), 1);
  assert.equal(pressed(knob("linear", -1, 1, 0.1), 0.2, 1), 0.3);
  assert.equal(pressed(knob("log", 1e-3, 1), 0.1, 50), 1);
  assert.equal(pressed(knob("log", 1e-3, 1), 0.1, 1), 0.105);
  assert.equal(pressed(knob("decay", 0, 0.9999), 0.9, 50), 0.99);
  assert.equal(pressed(knob("decay", 0, 0.9999), 0.99, -50), 0.9);
});

Deno.test("typed text is a number with a comma or a real minus sign, or says why it is none", () => {
  assert.deepEqual([" 0,5", "−2", "1e-3", "0"].map(typed), [0.5, -2, 0.001, 0]);
  assert.deepEqual(["", "  "].map(typed), Array(2).fill("The field is empty"));
  for (const text of ["two", "1/2", "1,2,3"]) assert.equal(typed(text), `“${text}” is not a number`);
  assert.deepEqual(["1e400", "-1e400"].map(typed), ["“1e400” is too large", "“-1e400” is too small"]);
});

Deno.test("a knob takes what lies within its bounds, and says these as its field says numbers", () => {
  const steps = { ...knob("whole", 1, 1000), label: "Steps", least: 1, most: 100000 };
  assert.deepEqual(bounded(steps, 20.4), [20, ""]);
  assert.deepEqual(bounded(steps, 2e5), [100000, "Steps was set to 100000: it goes from 1 to 100000."]);
  assert.deepEqual(bounded({ ...steps, most: null }, 0), [1, "Steps was set to 1: it goes from 1 to ∞."]);
});
