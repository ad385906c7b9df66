// The payload: a little-endian uint32 with the header's length, the header as JSON, then the arrays, 8-byte aligned.

/** @import { ArrayOf, Arrays, Payload, Values } from "./types.js" */

/** @typedef {{type: keyof TYPES, offset: number, count: number, columns: number}} Entry of the header's index */

const TYPES = { f8: Float64Array, f4: Float32Array, u1: Uint8Array };

/**
 * Header and arrays, read without copying where alignment allows.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {Payload}
 */
export function decode(bytes) {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset } = aligned;
  const length = new DataView(buffer, byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(aligned.subarray(4, 4 + length)));
  const start = byteOffset + Math.ceil((4 + length) / 8) * 8;
  /** @type {[string, Entry][]} */
  const index = Object.entries(header.arrays);
  /** @type {Arrays} */
  const arrays = {};
  for (const [name, { type, offset, count, columns }] of index) {
    arrays[name] = { data: new TYPES[type](buffer, start + offset, count), columns };
  }
  return { header, arrays };
}

/**
 * One column as an array of its own.
 * @param {ArrayOf} array
 * @param {number} index
 * @returns {Values}
 */
export function columnValues({ data, columns }, index) {
  if (columns === 1) return data;
  return Float64Array.from({ length: data.length / columns }, (_, k) => data[k * columns + index]);
}

/**
 * The arrays whose names begin with a prefix and a dot, without these.
 * @param {Arrays} arrays
 * @param {string} prefix
 * @returns {Arrays}
 */
export function arraysOf(arrays, prefix) {
  const start = `${prefix}.`;
  const named = Object.entries(arrays).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(named.map(([name, array]) => [name.slice(start.length), array]));
}
