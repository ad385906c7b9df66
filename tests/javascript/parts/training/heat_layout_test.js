// Heat maps: stripes fill a map, a click finds its parameter and step, and a parameter its row.

import assert from "node:assert/strict";
import {
  findParameter,
  layOut,
  NAMES,
  rowOf,
  stripesOf,
} from "../../../../adamax_viz/player/assets/parts/training/heat_layout.js";

const SIZES = [400, 20, 2, 1];
const BANDS = SIZES.map((size, i) => ({
  name: `variable ${i}`,
  row: 0,
  rows: Math.min(size, 150),
  first: SIZES.slice(0, i).reduce((a, b) => a + b, 0),
  size,
  branch: 0.5,
}));
const MAPS = ["grad", "m", "u", "ratio"].map((quantity) => ({
  quantity,
  symbol: quantity,
  low: 0,
  high: 1,
  logarithmic: false,
  pixels: new Uint8Array(),
}));

Deno.test("stripes are as high as their rows ask, none too low for its name, and together as high as the map", () => {
  for (const height of [100, 250, 400]) {
    const stripes = stripesOf(BANDS, height);
    const last = stripes.at(-1);
    assert.ok(Math.abs(last.top + last.height - height) < 1e-9);
    assert.ok(stripes.every((stripe) => stripe.height >= 14 - 1e-9));
    assert.ok(stripes[0].height > stripes[1].height);
    stripes.slice(1).forEach((stripe, i) => {
      assert.ok(Math.abs(stripe.top - stripes[i].top - stripes[i].height - 3) < 1e-9);
    });
  }
});

Deno.test("wide pages have four maps in a line, narrow ones two or one; each line has names at its left", () => {
  const across = (width) => layOut(MAPS, BANDS, width).places.filter(({ top }, _, all) => top === all[0].top).length;
  assert.deepEqual([1000, 600, 390].map(across), [4, 2, 1]);
  assert.deepEqual(layOut(MAPS, BANDS, 600).places.map(({ first }) => first), [true, false, true, false]);
  const { places, height } = layOut(MAPS, BANDS, 1000);
  assert.equal(places[0].left, NAMES);
  assert.ok(Math.abs(places[3].left + places[3].width - 1000) < 1e-9);
  assert.ok(places[0].top + places[0].height <= height);
});

Deno.test("each parameter's row is found by a click on it, in every map", () => {
  const { places } = layOut(MAPS, BANDS, 1000);
  for (const place of places) {
    for (const column of [0, 123, 399, 400, 419, 420, 421, 422]) {
      const point = [place.left + place.width * 0.5, rowOf(place, column)];
      assert.deepEqual(findParameter(places, 200, point), { step: 100, column });
    }
  }
  assert.equal(rowOf(places[0], 423), null);
});

Deno.test("steps lie along the width; a click on a name is the first step; beside the maps is nothing", () => {
  const { places } = layOut(MAPS, BANDS, 1000);
  const [place] = places;
  const y = rowOf(place, 5);
  assert.equal(findParameter(places, 200, [place.left, y])?.step, 0);
  assert.equal(findParameter(places, 200, [place.left + place.width - 0.01, y])?.step, 199);
  assert.deepEqual(findParameter(places, 200, [3, y]), { step: 0, column: 5 });
  assert.equal(findParameter(places, 200, [place.left, 2]), null);
});
