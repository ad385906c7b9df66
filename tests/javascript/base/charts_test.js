// Charts of one run, and of several with a line for each.

import assert from "node:assert/strict";
import { makeCharts, makeComparedCharts } from "../../../adamax_viz/player/assets/base/charts.js";

const run = (letter, variant, skipped = []) => ({
  letter,
  variant,
  steps: 2,
  arrays: { m: { data: Float64Array.of(3, 4, 6, 8), columns: 2 } },
  value: (name, k, d) => (name === "lr_t" ? 10 * k + d : NaN),
  isSkipped: (k) => skipped.includes(k),
});
const line = (of, coordinate, array = "m") => ({
  run: of,
  quantity: array === "m" ? "m" : "lr",
  coordinate,
  label: array,
  array,
  column: coordinate === "y" ? 1 : 0,
});
const chart = (key, ...lines) => ({ key, title: key, help: "", log: false, lines });
const both = (key, array) =>
  chart(key, line(0, "x", array), line(0, "y", array), line(1, "x", array), line(1, "y", array));

Deno.test("values come from the payload, or from the run where they did not travel", () => {
  const [m, rate] = makeCharts(
    [chart("m", line(0, "x"), line(0, "y")), chart("rate", line(0, "", "lr_t"))],
    run("", 0),
  );
  assert.deepEqual(m.lines.map(({ values }) => Array.from(values)), [[3, 6], [4, 8]]);
  assert.deepEqual(rate.lines[0].values, Float64Array.of(0, 10));
});

Deno.test("of several runs one coordinate is shown, or the norm of both", () => {
  const runs = [run("A", 0), run("B", 1)];
  const lines = (coordinate) => makeComparedCharts([both("m")], runs, coordinate, () => true)[0].lines;
  assert.deepEqual(lines("x").map(({ values }) => Array.from(values)), [[3, 6], [3, 6]]);
  assert.deepEqual(lines("y").map(({ values }) => Array.from(values)), [[4, 8], [4, 8]]);
  assert.deepEqual(lines("norm").map(({ values }) => Array.from(values)), [[5, 10], [5, 10]]);
  assert.deepEqual(lines("norm").map(({ label }) => label), ["A ‖m‖", "B ‖m‖"]);
  assert.deepEqual(lines("y").map(({ label }) => label), ["A m", "B m"]);
});

Deno.test("what belongs to no coordinate is always shown, hidden runs never", () => {
  const runs = [run("A", 0), run("B", 3)];
  const charts = [chart("rate", line(0, "", "lr_t"), line(1, "", "lr_t"))];
  const [{ lines }] = makeComparedCharts(charts, runs, "norm", ({ letter }) => letter === "B");
  assert.deepEqual(lines.map(({ letter, variant, label, dash }) => ({ letter, variant, label, dash })), [
    { letter: "B", variant: 3, label: "B lr_t", dash: [2, 3] },
  ]);
});

Deno.test("steps that were left out are crossed on the loss scale alone", () => {
  const charts = [chart("scale", line(0, "", "lr_t")), chart("rate", line(0, "", "lr_t"))];
  const [scale, rate] = makeComparedCharts(charts, [run("A", 0, [1])], "x", () => true);
  assert.deepEqual([scale.lines[0].crosses, rate.lines[0].crosses], [[1], []]);
});
