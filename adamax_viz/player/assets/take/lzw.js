// LZW as GIF wants it: codes of growing width, least bit first, in blocks of at most 255 bytes.

const CLEAR = 256; // codes of 8-bit pixels; 0 to 255 are the pixels themselves
const END = 257;
const MOST = 4096;

/**
 * Pixels as the data of a GIF's image, blocks and their end included.
 * @param {Uint8Array} pixels at least one
 */
export function packed(pixels) {
  const bytes = codesAsBytes(codes(pixels));
  /** @type {number[]} */
  const blocks = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.slice(at, at + 255);
    blocks.push(block.length, ...block);
  }
  blocks.push(0);
  return Uint8Array.from(blocks);
}

/** @type {(pixels: Uint8Array) => Generator<[number, number]>} pairs [code, bits it is written with] */
function* codes(pixels) {
  /** @type {Map<number, number>} */
  let known = new Map();
  let [next, width] = [END + 1, 9];
  yield [CLEAR, width];
  let prefix = pixels[0];
  for (let i = 1; i < pixels.length; i++) {
    const key = (prefix << 8) | pixels[i];
    const code = known.get(key);
    if (code !== undefined) {
      prefix = code;
      continue;
    }
    yield [prefix, width];
    if (next === MOST) {
      yield [CLEAR, width];
      known = new Map();
      [next, width] = [END + 1, 9];
    } else {
      if (next >= 1 << width) width += 1;
      known.set(key, next++);
    }
    prefix = pixels[i];
  }
  yield [prefix, width];
  yield [END, width];
}

/** @param {Iterable<[number, number]>} pairs */
function codesAsBytes(pairs) {
  /** @type {number[]} */
  const bytes = [];
  let [buffer, bits] = [0, 0];
  for (const [code, width] of pairs) {
    buffer |= code << bits;
    for (bits += width; bits >= 8; bits -= 8) {
      bytes.push(buffer & 255);
      buffer >>>= 8;
    }
  }
  if (bits > 0) bytes.push(buffer & 255);
  return bytes;
}
