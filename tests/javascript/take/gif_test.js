// The film: what is written is read back by a decoder that shares no code with the writer.

import assert from "node:assert/strict";
import { Gif, makePalette } from "../../../adamax_viz/player/assets/take/gif.js";
import { packed } from "../../../adamax_viz/player/assets/take/lzw.js";

/** Data blocks of a GIF, from `at`: [bytes, where they end]. */
function blocks(bytes, at) {
  const data = [];
  while (bytes[at] > 0) {
    data.push(...bytes.slice(at + 1, at + 1 + bytes[at]));
    at += 1 + bytes[at];
  }
  return [data, at + 1];
}

/** Pixels of LZW data, by the specification. */
function unpacked(data, least = 8) {
  const clear = 1 << least;
  let [table, width, at, previous] = [[], least + 1, 0, null];
  const pixels = [];
  const reset = () => {
    table = Array.from({ length: clear + 2 }, (_, i) => (i < clear ? [i] : []));
    [width, previous] = [least + 1, null];
  };
  reset();
  while (true) {
    let code = 0;
    for (let bit = 0; bit < width; bit++, at++) code |= ((data[at >> 3] >> (at & 7)) & 1) << bit;
    if (code === clear) reset();
    else if (code === clear + 1) return pixels;
    else {
      const entry = code < table.length ? table[code] : [...previous, previous[0]];
      assert.ok(entry, `code ${code} is unknown`);
      if (previous && table.length < 4096) table.push([...previous, entry[0]]);
      pixels.push(...entry);
      previous = entry;
      if (table.length === 1 << width && width < 12) width++;
    }
  }
}

/** {width, height, palette, frames: [{delay, pixels}]} of a GIF, each frame as a whole picture of palette entries. */
function decoded(bytes) {
  const word = (at) => bytes[at] | (bytes[at + 1] << 8);
  assert.equal(String.fromCharCode(...bytes.slice(0, 6)), "GIF89a");
  const [width, height] = [word(6), word(8)];
  const palette = Array.from({ length: 256 }, (_, i) => Array.from(bytes.slice(13 + 3 * i, 16 + 3 * i)));
  let [at, delay, clear, screen] = [13 + 768, 0, -1, new Uint8Array(width * height)];
  const frames = [];
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      if (bytes[at + 1] === 0xf9) [delay, clear] = [word(at + 4), bytes[at + 3] & 1 ? bytes[at + 6] : -1];
      at = blocks(bytes, at + 2)[1];
      continue;
    }
    assert.equal(bytes[at], 0x2c);
    const [left, top, w, h] = [1, 3, 5, 7].map((offset) => word(at + offset));
    const [data, end] = blocks(bytes, at + 11);
    const pixels = unpacked(data, bytes[at + 10]);
    assert.equal(pixels.length, w * h);
    screen = screen.slice();
    pixels.forEach((pixel, i) => {
      if (pixel !== clear) screen[(top + Math.floor(i / w)) * width + left + (i % w)] = pixel;
    });
    frames.push({ delay, pixels: screen });
    at = end;
  }
  return { width, height, palette, frames };
}

/** Numbers that look drawn at random, the same each time. */
function* noise(seed = 1) {
  for (let state = seed;;) yield (state = (state * 1103515245 + 12345) % 2 ** 31) / 2 ** 31;
}

Deno.test("packed pixels are unpacked to themselves, also where the table is full many times", () => {
  const random = noise();
  const pictures = [
    [7],
    Array(5000).fill(3),
    Array.from({ length: 3000 }, (_, i) => i % 256),
    Array.from({ length: 60_000 }, () => Math.floor(random.next().value * 256)),
    Array.from({ length: 60_000 }, (_, i) => Math.floor(random.next().value * (i % 7))),
  ];
  for (const pixels of pictures) {
    const written = packed(Uint8Array.from(pixels));
    const [data, end] = blocks(written, 0);
    assert.equal(end, written.length);
    assert.deepEqual(unpacked(data), pixels);
  }
});

Deno.test("colours that mean something come first, then the commonest; no more than 255", () => {
  const frame = new Uint8ClampedArray(4 * 1000);
  for (let i = 0; i < 1000; i++) frame.set(i < 600 ? [10, 20, 30, 255] : [i % 256, (7 * i) % 256, 200, 255], 4 * i);
  const palette = makePalette([frame], ["#ff0000", "#00ff00", "#ff0000"]);
  assert.deepEqual(palette.slice(0, 3), [[255, 0, 0], [0, 255, 0], [10, 20, 30]]);
  assert.ok(palette.length <= 255);
  assert.equal(new Set(palette.map(String)).size, palette.length);
});

Deno.test("of colours that hardly differ the commonest stands for all", () => {
  const frame = Uint8ClampedArray.from([...Array(3).fill([8, 8, 8, 255]), [9, 9, 9, 255], [80, 80, 80, 255]].flat());
  assert.deepEqual(makePalette([frame], []), [[8, 8, 8], [80, 80, 80]]);
});

Deno.test("each frame of a film shows what was drawn, for as long as it was meant to", async () => {
  const palette = [[255, 255, 255], [255, 0, 0], [0, 0, 255]];
  const [width, height] = [9, 6];
  const gif = new Gif(width, height, palette);
  const pictures = [[], [[2, 3, 1]], [[2, 3, 1], [8, 5, 2], [4, 0, 2]], [[2, 3, 1], [8, 5, 2], [4, 0, 2]], []];
  const drawn = pictures.map((dots) => {
    const pixels = new Uint8Array(width * height);
    for (const [x, y, colour] of dots) pixels[y * width + x] = colour;
    return pixels;
  });
  drawn.forEach((pixels, i) => {
    const data = new Uint8ClampedArray(4 * pixels.length);
    pixels.forEach((entry, k) => data.set([...palette[entry], 255], 4 * k));
    gif.add(data, i === drawn.length - 1 ? 200 : 8);
  });
  const film = decoded(new Uint8Array(await gif.finish().arrayBuffer()));
  assert.deepEqual([film.width, film.height], [width, height]);
  assert.deepEqual(film.palette.slice(0, 3), palette);
  assert.deepEqual(film.frames.map(({ delay }) => delay), [8, 8, 8, 8, 200]);
  film.frames.forEach(({ pixels }, i) => assert.deepEqual(pixels, drawn[i], `frame ${i}`));
});

Deno.test("a colour that is not in the palette becomes the nearest", async () => {
  const gif = new Gif(2, 1, [[0, 0, 0], [250, 250, 250]]);
  gif.add(Uint8ClampedArray.of(30, 20, 10, 255, 200, 220, 240, 255), 1);
  const { frames } = decoded(new Uint8Array(await gif.finish().arrayBuffer()));
  assert.deepEqual(Array.from(frames[0].pixels), [0, 1]);
});
