// Axes: ranges, round numbers, and which values are drawn.

import assert from "node:assert/strict";
import {
  axisRange,
  decades,
  thinned,
  ticks,
  wholeTicks,
} from "../../../../adamax_viz/player/assets/base/plot/scales.js";

Deno.test("ticks are three to five round numbers inside the range, whatever it is", () => {
  assert.deepEqual(ticks([0, 1]), [0, 0.5, 1]);
  assert.deepEqual(ticks([-0.3, 0.3]), [-0.2, 0, 0.2]);
  assert.deepEqual(ticks([0, 300]), [0, 100, 200, 300]);
  for (let i = 0; i < 400; i++) {
    const low = Math.sin(i) * 10 ** (i % 9 - 4);
    const high = low + (1.01 + Math.cos(i)) * 10 ** (i % 7 - 3);
    const values = ticks([low, high]);
    assert.ok(values.length >= 1 && values.length <= 5, `${values} for ${low} to ${high}`);
    const slack = 1e-9 * Math.max(Math.abs(low), Math.abs(high));
    assert.ok(values.every((value) => value >= low - slack && value <= high + slack), `${values} in ${low} to ${high}`);
    assert.ok(values.every((value) => String(value).replace("-", "").length <= 12), `${values} are round`);
  }
});

Deno.test("ticks of steps are whole, and never fewer than two", () => {
  assert.deepEqual(wholeTicks(200), [0, 100, 200]);
  assert.deepEqual(wholeTicks(3), [0, 1, 2, 3]);
  assert.deepEqual(wholeTicks(1), [0, 1]);
});

Deno.test("a logarithmic axis has powers of ten where it is long, and digits between where it is short", () => {
  assert.deepEqual(decades([-2, 1]), [0.01, 0.1, 1, 10]);
  assert.deepEqual(decades([0, 1]), [1, 2, 5, 10]);
  assert.deepEqual(decades([0, 0.5]), [1, 1.5, 2, 3]);
  assert.deepEqual(decades([-12, 0]), [1e-12, 1e-9, 1e-6, 1e-3, 1]);
  for (let i = 0; i < 200; i++) {
    const low = 30 * Math.sin(i);
    const values = decades([low, low + 0.2 + i / 7]);
    assert.ok(values.length <= 5);
    assert.ok(values.every((value) => Math.log10(value) >= low && Math.log10(value) <= low + 0.2 + i / 7));
  }
});

Deno.test("a range holds every finite value with air around it", () => {
  const { range: [low, high], logarithmic } = axisRange([[1, NaN, 3], [-1, Infinity]]);
  assert.equal(logarithmic, false);
  assert.ok(Math.abs(low + 1.24) < 1e-12 && Math.abs(high - 3.24) < 1e-12);
  assert.deepEqual(axisRange([[NaN], []]), { range: [0, 1], logarithmic: false });
});

Deno.test("a range is logarithmic where the chart asks for it and all values are positive", () => {
  const { range, logarithmic } = axisRange([[1e-6, 1]], { log: true });
  assert.equal(logarithmic, true);
  assert.ok(range[0] < -6 && range[1] > 0);
  assert.equal(axisRange([[0, 1]], { log: true }).logarithmic, false);
});

Deno.test("what hardly changes is a flat line", () => {
  const { range: [low, high] } = axisRange([[100, 100.0001]]);
  assert.ok(high - low > 2 && low < 100 && high > 100);
  const same = axisRange([[0, 0]]).range;
  assert.deepEqual(same, [-0.56, 0.56]);
});

Deno.test("limits are in sight, and a zero does not make the axis linear where they are", () => {
  const { range, logarithmic } = axisRange([[0, 1e-3]], { log: true, limits: [6e-8, 65504] });
  assert.equal(logarithmic, true);
  assert.ok(range[0] < Math.log10(6e-8) && range[1] > Math.log10(65504));
});

Deno.test("few values are drawn all; of many, the extremes of each pixel column, in order", () => {
  assert.deepEqual([...thinned([3, 1, 2], 100)], [0, 1, 2]);
  const values = Float64Array.from({ length: 10_000 }, (_, k) => Math.sin(k / 50) + (k === 4321 ? 9 : 0));
  const kept = [...thinned(values, 200)];
  assert.ok(kept.length <= 400);
  assert.ok(kept.includes(4321));
  assert.deepEqual(kept, kept.toSorted((a, b) => a - b));
});

Deno.test("a value that is no number does not hide the others of its column", () => {
  const values = Float64Array.from({ length: 100 }, (_, k) => (k % 10 === 0 ? NaN : k));
  const kept = [...thinned(values, 10)];
  assert.ok(kept.includes(1) && kept.includes(9) && kept.includes(99));
});
