// Where charts lie, and how values map to their pixels.

import assert from "node:assert/strict";
import { placeCharts } from "../../../../adamax_viz/player/assets/parts/charts/axes.js";

const chart = (log, ...lines) => ({ key: "u", title: "u", help: "", log, lines });
const line = (...values) => ({ values: Float64Array.from(values) });
const place = (charts, over = {}) =>
  placeCharts(charts, { width: 600, height: 400, columns: 2, bold: 1, last: 10, ...over });

Deno.test("charts lie in a grid, none over another", () => {
  const spots = place([chart(false, line(0, 1)), chart(false, line(0, 1)), chart(false, line(0, 1))]);
  assert.equal(spots[0].top, spots[1].top);
  assert.equal(spots[0].left, spots[2].left);
  assert.ok(spots[0].left + spots[0].width < spots[1].left);
  assert.ok(spots[0].top + spots[0].height < spots[2].top);
});

Deno.test("larger values are higher up, on a logarithmic axis decades are equally far apart", () => {
  const [linear, logarithmic] = place([chart(false, line(-1, 3)), chart(true, line(0.01, 1))]);
  assert.ok(linear.y(3) < linear.y(-1));
  assert.ok(linear.y(3) > linear.top && linear.y(-1) < linear.top + linear.height);
  const [a, b, c] = [0.01, 0.1, 1].map(logarithmic.y);
  assert.ok(Math.abs(a - b - (b - c)) < 1e-9 && b - c > 0);
});

Deno.test("the axis fits what is in sight: the first steps alone where they are enlarged", () => {
  const values = chart(false, line(1, 2, 3, 1000));
  assert.ok(place([values], { last: 2 })[0].ticks.every((tick) => tick <= 4));
  assert.ok(place([values])[0].ticks.some((tick) => tick >= 500));
});

Deno.test("an area's upper edge is in sight too", () => {
  const [spot] = place([chart(false, { ...line(0, 1), upper: Float64Array.of(0, 50) })]);
  assert.ok(spot.y(50) >= spot.top);
});
