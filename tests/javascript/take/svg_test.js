// A context that writes SVG: the same calls as on a canvas.

import assert from "node:assert/strict";
import { makeSvg } from "../../../adamax_viz/player/assets/take/svg.js";

const context = (width = 100, height = 50) => makeSvg(width, height, (text) => 7 * text.length);
const body = (svg) => svg.toString().match(/^<svg [^>]*>(.*)<\/svg>$/s)[1];

Deno.test("the picture says its size", () => {
  const text = context(640, 480).toString();
  assert.ok(text.startsWith('<svg xmlns="http://www.w3.org/2000/svg" width="640" height="480" viewBox="0 0 640 480">'));
});

Deno.test("a stroked path has its points, colour, width and dash", () => {
  const svg = context();
  svg.strokeStyle = "#123456";
  svg.lineWidth = 2.5;
  svg.setLineDash([5, 3]);
  svg.beginPath();
  svg.moveTo(1, 2.005);
  svg.lineTo(3.14159, -4);
  svg.stroke();
  const path = body(svg);
  assert.ok(path.includes('d="M1 2.01L3.14 -4"'), path);
  assert.ok(path.includes('fill="none" stroke="#123456" stroke-width="2.5"'), path);
  assert.ok(path.includes('stroke-dasharray="5 3"'), path);
});

Deno.test("a path may begin with a line, as on a canvas", () => {
  const svg = context();
  svg.beginPath();
  svg.lineTo(1, 1);
  svg.lineTo(2, 2);
  svg.closePath();
  svg.fill();
  assert.ok(body(svg).includes('d="M1 1L2 2z"'));
});

Deno.test("circles and boxes are filled, nothing at all leaves nothing", () => {
  const svg = context();
  svg.beginPath();
  svg.stroke();
  svg.fill();
  assert.equal(body(svg), "");
  svg.fillStyle = "red";
  svg.fillRect(1, 2, 3, 4);
  svg.beginPath();
  svg.arc(10, 10, 4, 0, 2 * Math.PI);
  svg.fill();
  assert.deepEqual(body(svg).split("\n"), [
    '<path d="M1 2h3v4h-3z" fill="red"/>',
    '<path d="M6 10a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z" fill="red"/>',
  ]);
});

Deno.test("what was saved comes back: style, place and clip", () => {
  const svg = context();
  svg.save();
  svg.translate(10, 20);
  svg.globalAlpha = 0.3;
  svg.beginPath();
  svg.rect(0, 0, 5, 5);
  svg.clip();
  svg.fillRect(0, 0, 1, 1);
  svg.restore();
  svg.fillRect(0, 0, 1, 1);
  const [clip, inside, outside] = body(svg).split("\n");
  assert.equal(clip, '<clipPath id="clip1"><path d="M10 20h5v5h-5z"/></clipPath>');
  assert.equal(inside, '<path d="M10 20h1v1h-1z" fill="#000" opacity="0.3" clip-path="url(#clip1)"/>');
  assert.equal(outside, '<path d="M0 0h1v1h-1z" fill="#000"/>');
});

Deno.test("words stand where they would on a canvas, and what they say is no markup", () => {
  const svg = context();
  svg.font = '600 12px "Helvetica Neue", sans-serif';
  svg.textAlign = "center";
  svg.textBaseline = "middle";
  svg.fillText('a < b & "c"', 30, 10);
  const text = body(svg);
  assert.ok(text.includes('x="30" y="14.2" text-anchor="middle"'), text);
  assert.ok(text.includes('font-size="12" font-weight="600"'), text);
  assert.ok(text.includes("&quot;Helvetica Neue&quot;, sans-serif"), text);
  assert.ok(text.endsWith(">a &lt; b &amp; &quot;c&quot;</text>"), text);
});

Deno.test("what no XML can hold is replaced, so that the picture still opens", () => {
  const svg = context();
  svg.fillText("a\x00b\x0b]]>\ud800\uffff <![CDATA[", 0, 0);
  assert.ok(body(svg).endsWith(">a\ufffdb\ufffd]]&gt;\ufffd\ufffd &lt;![CDATA[</text>"), body(svg));
});

Deno.test("words are measured in their font", () => {
  const svg = makeSvg(1, 1, (text, font) => text.length * parseInt(font));
  svg.font = "10px serif";
  assert.deepEqual(svg.measureText("abc"), { width: 30 });
});

Deno.test("another SVG is laid at its place, a picture by its address", () => {
  const svg = context();
  svg.translate(5, 5);
  svg.embed('<svg width="10"><g/></svg>', 1, 2, 10, 10);
  svg.embed("data:image/png;base64,xyz", 1, 2, 10, 20);
  assert.deepEqual(body(svg).split("\n"), [
    '<svg x="6" y="7" width="10"><g/></svg>',
    '<image x="6" y="7" width="10" height="20" href="data:image/png;base64,xyz"/>',
  ]);
});
