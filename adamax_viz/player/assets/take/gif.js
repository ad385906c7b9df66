// A GIF89a writer: one palette, and of each frame only the box that changed. Enough for drawings; photographs need more.

import { packed } from "./lzw.js";

const UNCHANGED = 255; // the palette's transparent entry

/**
 * 255 colours: those that have a meaning, given as #rrggbb, then the commonest of RGBA frames; of those that hardly
 * differ, the commonest stands for all.
 * @type {(frames: Uint8ClampedArray[], meant: string[]) => number[][]}
 */
export function makePalette(frames, meant) {
  const commonest = [...countColours(frames)].sort((a, b) => b[1] - a[1]);
  const groups = [...Map.groupBy(commonest, ([colour]) => colour & 0xf8f8f8).values()];
  const counted = groups.map((group) => ({ colour: group[0][0], count: group.reduce((sum, [, n]) => sum + n, 0) }));
  const common = counted.sort((a, b) => b.count - a.count).map(({ colour }) => colour);
  const first = meant.map((text) => parseInt(text.slice(1), 16));
  return [...new Set([...first, ...common])].slice(0, UNCHANGED).map(channels);
}

/** @param {Uint8ClampedArray[]} frames */
function countColours(frames) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (const data of frames) {
    for (let i = 0; i < data.length; i += 4) {
      const colour = codeAt(data, i);
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
  }
  return counts;
}

/** @type {(data: Uint8ClampedArray, i: number) => number} the colour of a pixel as one number, 0xrrggbb */
function codeAt(data, i) {
  return (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
}

/** @param {number} code */
function channels(code) {
  return [code >> 16, (code >> 8) & 255, code & 255];
}

export class Gif {
  /** @type {Map<number, number>} the palette's entry for each colour seen so far */
  #nearest = new Map();
  /** @type {Uint8Array | null} */
  #last = null;
  /** @type {Uint8Array<ArrayBuffer>[]} */
  #parts;

  /**
   * @param {number} width
   * @param {number} height
   * @param {number[][]} palette at most 255 colours
   */
  constructor(width, height, palette) {
    this.width = width;
    this.height = height;
    this.palette = palette;
    const table = new Uint8Array(3 * 256);
    palette.forEach((colour, i) => table.set(colour, 3 * i));
    this.#parts = [
      letters("GIF89a"),
      words(width, height),
      bytes(0xf7, UNCHANGED, 0),
      table,
      bytes(0x21, 0xff, 11),
      letters("NETSCAPE2.0"),
      bytes(3, 1, 0, 0, 0), // for ever
    ];
  }

  /** @type {(data: Uint8ClampedArray, delay: number) => void} RGBA pixels that stay so many hundredths of a second */
  add(data, delay) {
    const { width, height } = this;
    const now = new Uint8Array(width * height);
    for (let i = 0; i < now.length; i++) now[i] = this.#index(codeAt(data, 4 * i));
    const before = this.#last;
    const box = before ? changed(before, now, width) : { x: 0, y: 0, w: width, h: height };
    const pixels = new Uint8Array(box.w * box.h);
    for (let y = 0; y < box.h; y++) {
      for (let x = 0; x < box.w; x++) {
        const at = (box.y + y) * width + box.x + x;
        pixels[y * box.w + x] = before?.[at] === now[at] ? UNCHANGED : now[at];
      }
    }
    this.#parts.push(bytes(0x21, 0xf9, 4, 0b101), words(delay), bytes(UNCHANGED, 0));
    this.#parts.push(bytes(0x2c), words(box.x, box.y, box.w, box.h), bytes(0, 8), packed(pixels));
    this.#last = now;
  }

  finish() {
    return new Blob([...this.#parts, bytes(0x3b)], { type: "image/gif" });
  }

  /** @type {(code: number) => number} the palette's entry nearest to a colour */
  #index(code) {
    const known = this.#nearest.get(code);
    if (known !== undefined) return known;
    const [r, g, b] = channels(code);
    const distances = this.palette.map((colour) => (colour[0] - r) ** 2 + (colour[1] - g) ** 2 + (colour[2] - b) ** 2);
    const nearest = distances.indexOf(Math.min(...distances));
    this.#nearest.set(code, nearest);
    return nearest;
  }
}

/** @param {...number} values */
function bytes(...values) {
  return Uint8Array.from(values);
}

/** @param {...number} values of 16 bits, the lower ones first */
function words(...values) {
  return Uint8Array.from(values.flatMap((value) => [value & 255, value >> 8]));
}

/** @param {string} text */
function letters(text) {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

/**
 * The smallest box around the pixels that differ; one pixel if none does.
 * @type {(before: Uint8Array, now: Uint8Array, width: number) => {x: number, y: number, w: number, h: number}}
 */
function changed(before, now, width) {
  const differ = (/** @type {number} */ value, /** @type {number} */ i) => value !== before[i];
  const first = now.findIndex(differ);
  if (first < 0) return { x: 0, y: 0, w: 1, h: 1 };
  const last = now.findLastIndex(differ);
  let [left, right] = [width, -1];
  for (let i = first; i <= last; i++) {
    if (before[i] === now[i]) continue;
    left = Math.min(left, i % width);
    right = Math.max(right, i % width);
  }
  const [top, bottom] = [first, last].map((i) => Math.floor(i / width));
  return { x: left, y: top, w: right - left + 1, h: bottom - top + 1 };
}
