// @ts-check
// The payload: a little-endian uint32 with the header's length, the header as JSON, then the arrays, 8-byte aligned.

/** @import { ArrayOf, Arrays, Payload } from "./types.js" */

const TYPES = { f8: Float64Array, f4: Float32Array, u1: Uint8Array };

/**
 * Header and arrays, these read without copying where alignment allows.
 * @param {Uint8Array} bytes
 * @returns {Payload}
 */
export function decode(bytes) {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const buffer = /** @type {ArrayBuffer} */ (aligned.buffer);
  const { byteOffset } = aligned;
  const length = new DataView(buffer, byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(aligned.subarray(4, 4 + length)));
  const start = byteOffset + Math.ceil((4 + length) / 8) * 8;
  /** @type {[string, {type: keyof typeof TYPES, offset: number, count: number, columns: number}][]} */
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
 */
export function columnValues({ data, columns }, index) {
  if (columns === 1) return data;
  const values = new Float64Array(data.length / columns);
  for (let k = 0; k < values.length; k++) values[k] = data[k * columns + index];
  return values;
}
