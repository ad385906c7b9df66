// What a p means, in words.

import assert from "node:assert/strict";
import { accumulate } from "../../../../adamax_viz/player/assets/parts/norms/norm.js";
import {
  accumulatorWords,
  formulaOf,
  nameOf,
  pathWords,
  widestGap,
} from "../../../../adamax_viz/player/assets/parts/norms/words.js";

const RATES = { beta_1: 0.9, beta_2: 0.9, epsilon: 1e-7 };
const GRADIENTS = [1, -0.2, 0.4, 0];

Deno.test("an exponent is written as people do", () => {
  assert.deepEqual([2, 2.719, Infinity].map(nameOf), ["p = 2", "p = 2.72", "p = ∞"]);
});

Deno.test("the widest gap is a part of the other value, at its first step", () => {
  assert.deepEqual(widestGap(Float64Array.of(1, 3, 6), Float64Array.of(1, 2, 4)), { gap: 0.5, at: 1 });
  assert.deepEqual(widestGap(Float64Array.of(0), Float64Array.of(0)), { gap: 0, at: 0 });
});

Deno.test("at infinity the accumulator is the max; elsewhere it says how far it is away, and where", () => {
  const [adam, adamax] = [2, Infinity].map((p) => accumulate(GRADIENTS, p, RATES));
  assert.match(
    accumulatorWords(Infinity, 0.9, adamax, adamax),
    /^At p = ∞ .* with 100 % .* is the max, step by step\.$/,
  );
  const words = accumulatorWords(2, 0.9, adam, adamax);
  const { gap, at } = widestGap(adam.u, adamax.u);
  assert.ok(words.includes(`${Number((100 * gap).toPrecision(2))} % away from the max, at step ${at}.`), words);
  assert.ok(words.includes("with 43.6 % of its size"), words); // the root of 1 − 0.9²
});

Deno.test("the formula has this p's numbers; at infinity it has none", () => {
  assert.ok(formulaOf(2, 0.9).includes("<mn>0.81</mn>"));
  assert.ok(formulaOf(2, 0.9).includes("<mn>0.19</mn>"));
  assert.ok(!formulaOf(Infinity, 0.9).includes("<mn>"));
  for (const p of [2, Infinity]) {
    const tags = formulaOf(p, 0.9).match(/<\/?\w+/g) ?? [];
    const open = [];
    for (const tag of tags) {
      if (tag === "<mspace") continue;
      if (tag.startsWith("</")) assert.equal(open.pop(), tag.slice(2));
      else open.push(tag.slice(1));
    }
    assert.deepEqual(open, []);
  }
});

Deno.test("paths end at their last step under the chosen p and under both limits", () => {
  const paths = { stops: 3, steps: 2, loss: [0.5, 0.25, 0.125], at: (stop, step, d) => 100 * stop + 10 * step + d };
  assert.equal(
    pathWords(paths, 1),
    "On the surface, 2 steps end at (120, 121), loss 0.25; with p = 2 at (20, 21), loss 0.5; " +
      "with p = ∞ at (220, 221), loss 0.125.",
  );
});
