// Lines, dots and words on any pen.

import assert from "node:assert/strict";
import { cross, dot, line, paintInside, write } from "../../../../adamax_viz/player/assets/base/plot/pen.js";
import { makeSvg } from "../../../../adamax_viz/player/assets/take/svg.js";

const drawn = (paint) => {
  const svg = makeSvg(100, 50, (text) => 7 * text.length);
  paint(svg);
  return svg.toString().match(/^<svg [^>]*>(.*)<\/svg>$/s)[1].split("\n");
};

Deno.test("a line is interrupted by what is not finite, and goes on after it", () => {
  const points = [[0, 0], [1, 1], [NaN, 5], [2, 2], [3, 3], [4, Infinity]];
  const [path] = drawn((svg) => line(svg, points, { colour: "red", width: 2, dash: [5, 3] }));
  assert.ok(path.includes('d="M0 0L1 1M2 2L3 3"'), path);
  assert.ok(path.includes('stroke="red" stroke-width="2"') && path.includes('stroke-dasharray="5 3"'), path);
});

Deno.test("faintness is a part of that of the pen, which is as before afterwards", () => {
  const [path, box] = drawn((svg) => {
    svg.globalAlpha = 0.5;
    line(svg, [[0, 0], [1, 1]], { colour: "red", alpha: 0.4 });
    svg.fillRect(0, 0, 1, 1);
  });
  assert.ok(path.includes('opacity="0.2"'), path);
  assert.ok(box.includes('opacity="0.5"'), box);
});

Deno.test("a cross is one path, so that its middle has its colour", () => {
  const [path] = drawn((svg) => cross(svg, [10, 10], 5, { colour: "red" }));
  assert.ok(path.includes('d="M5 5L15 15M5 15L15 5"'), path);
});

Deno.test("a dot has a rim where one is asked for", () => {
  assert.equal(drawn((svg) => dot(svg, [5, 5], 2, "red")).length, 1);
  const [fill, rim] = drawn((svg) => dot(svg, [5, 5], 2, "red", "white"));
  assert.ok(fill.includes('fill="red"') && rim.includes('stroke="white"'));
});

Deno.test("what is painted inside of a box is clipped to it, and nothing after it", () => {
  const [, inside, after] = drawn((svg) => {
    paintInside(svg, { left: 1, top: 2, width: 3, height: 4 }, () => svg.fillRect(0, 0, 9, 9));
    write(svg, "beside", [20, 20], { font: "10px serif", colour: "black" });
  });
  assert.ok(inside.includes("clip-path") && !after.includes("clip-path"));
});
