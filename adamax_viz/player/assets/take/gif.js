// A GIF89a writer: one palette, and of each frame only the box that changed. Enough for drawings; photographs need more.

const CLEAR = 256; // LZW codes of 8-bit pixels
const END = 257;
const UNCHANGED = 255; // the palette's transparent entry
const MOST = 4096;

/** 255 colours: those that have a meaning, given as #rrggbb, then the commonest of RGBA frames; of those that hardly
 *  differ, the commonest stands for all. */
export function makePalette(frames, meant) {
  const counts = new Map();
  for (const data of frames) {
    for (let i = 0; i < data.length; i += 4) {
      const colour = (data[i] << 16) | (data[i + 1] << 8) | data[i + 2];
      counts.set(colour, (counts.get(colour) ?? 0) + 1);
    }
  }
  const groups = new Map();
  for (const [colour, count] of [...counts].sort((a, b) => b[1] - a[1])) {
    const near = colour & 0xf8f8f8;
    const group = groups.get(near);
    if (group) group.count += count;
    else groups.set(near, { colour, count });
  }
  const common = [...groups.values()].sort((a, b) => b.count - a.count).map(({ colour }) => colour);
  const first = meant.map((text) => parseInt(text.slice(1), 16));
  return [...new Set([...first, ...common])].slice(0, UNCHANGED).map((
    colour,
  ) => [colour >> 16, (colour >> 8) & 255, colour & 255]);
}

export class Gif {
  constructor(width, height, palette) {
    Object.assign(this, { width, height, palette, parts: [], nearest: new Map(), last: null });
    const table = new Uint8Array(3 * 256);
    palette.forEach((colour, i) => table.set(colour, 3 * i));
    this.parts.push(text("GIF89a"), words(width, height), new Uint8Array([0xf7, UNCHANGED, 0]), table);
    this.parts.push(new Uint8Array([0x21, 0xff, 11]), text("NETSCAPE2.0"), new Uint8Array([3, 1, 0, 0, 0])); // for ever
  }

  /** A frame of RGBA pixels that stays for so many hundredths of a second. */
  add(data, delay) {
    const { width, height } = this;
    const now = new Uint8Array(width * height);
    for (let i = 0; i < now.length; i++) now[i] = this.index(data[4 * i], data[4 * i + 1], data[4 * i + 2]);
    const box = this.last ? changed(this.last, now, width, height) : { x: 0, y: 0, w: width, h: height };
    const pixels = new Uint8Array(box.w * box.h);
    for (let y = 0; y < box.h; y++) {
      for (let x = 0; x < box.w; x++) {
        const at = (box.y + y) * width + box.x + x;
        pixels[y * box.w + x] = this.last && this.last[at] === now[at] ? UNCHANGED : now[at];
      }
    }
    this.parts.push(new Uint8Array([0x21, 0xf9, 4, 0b101]), words(delay), new Uint8Array([UNCHANGED, 0]));
    this.parts.push(new Uint8Array([0x2c]), words(box.x, box.y, box.w, box.h), new Uint8Array([0, 8]), packed(pixels));
    this.last = now;
  }

  finish() {
    return new Blob([...this.parts, new Uint8Array([0x3b])], { type: "image/gif" });
  }

  /** The palette's entry nearest to a colour. */
  index(r, g, b) {
    const key = (r << 16) | (g << 8) | b;
    const known = this.nearest.get(key);
    if (known !== undefined) return known;
    let [best, least] = [0, Infinity];
    this.palette.forEach((colour, i) => {
      const distance = (colour[0] - r) ** 2 + (colour[1] - g) ** 2 + (colour[2] - b) ** 2;
      if (distance < least) [best, least] = [i, distance];
    });
    this.nearest.set(key, best);
    return best;
  }
}

const text = (letters) => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
const words = (...values) => Uint8Array.from(values.flatMap((value) => [value & 255, value >> 8]));

/** The smallest box around the pixels that differ; one pixel if none does. */
function changed(before, now, width, height) {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let i = 0; i < now.length; i++) {
    if (before[i] !== now[i]) {
      const [x, y] = [i % width, Math.floor(i / width)];
      if (x < left) left = x;
      if (x > right) right = x;
      if (y < top) top = y;
      bottom = y;
    }
  }
  return right < 0 ? { x: 0, y: 0, w: 1, h: 1 } : { x: left, y: top, w: right - left + 1, h: bottom - top + 1 };
}

/** LZW as GIF wants it: codes of growing width, least bit first, in blocks of 255 bytes. */
function packed(pixels) {
  const out = [];
  let [buffer, bits, block] = [0, 0, []];
  const flush = () => {
    if (block.length) out.push(block.length, ...block);
    block = [];
  };
  let width = 9;
  const emit = (code) => {
    buffer |= code << bits;
    for (bits += width; bits >= 8; bits -= 8) {
      block.push(buffer & 255);
      buffer >>>= 8;
      if (block.length === 255) flush();
    }
  };
  let known = new Map();
  let next = END + 1;
  emit(CLEAR);
  let prefix = pixels[0];
  for (let i = 1; i < pixels.length; i++) {
    const key = (prefix << 8) | pixels[i];
    const code = known.get(key);
    if (code !== undefined) {
      prefix = code;
      continue;
    }
    emit(prefix);
    if (next === MOST) {
      emit(CLEAR);
      known = new Map();
      [next, width] = [END + 1, 9];
    } else {
      if (next >= 1 << width) width += 1;
      known.set(key, next++);
    }
    prefix = pixels[i];
  }
  emit(prefix);
  emit(END);
  if (bits > 0) block.push(buffer & 255);
  flush();
  out.push(0);
  return Uint8Array.from(out);
}
