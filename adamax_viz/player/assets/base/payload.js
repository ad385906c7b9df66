// The payload: a little-endian uint32 with the header's length, the header as JSON, then the arrays, 8-byte aligned.

/**
 * @import { ArrayOf, Arrays, Payload, Values } from "./types.js"
 * @typedef {{type: keyof TYPES, offset: number, count: number, columns: number}} Entry of the header's index
 */

const TYPES = { f8: Float64Array, f4: Float32Array, u1: Uint8Array };

/** @type {(bytes: Uint8Array<ArrayBuffer>) => Payload} read without copying where alignment allows */
export function decode(bytes) {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset } = aligned;
  const length = new DataView(buffer, byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(aligned.subarray(4, 4 + length)));
  const start = byteOffset + Math.ceil((4 + length) / 8) * 8;
  /** @type {[string, Entry][]} */
  const index = Object.entries(header.arrays);
  const arrays = index.map(([name, { type, offset, count, columns }]) => {
    return [name, { data: new TYPES[type](buffer, start + offset, count), columns }];
  });
  return { header, arrays: Object.fromEntries(arrays) };
}

/** @type {(array: ArrayOf, index: number) => Values} one column as an array of its own */
export function columnValues({ data, columns }, index) {
  if (columns === 1) return data;
  return Float64Array.from({ length: data.length / columns }, (_, k) => data[k * columns + index]);
}

/** @type {(arrays: Arrays, prefix: string) => Arrays} those whose names begin with a prefix and a dot, without these */
export function arraysOf(arrays, prefix) {
  const start = `${prefix}.`;
  const named = Object.entries(arrays).filter(([name]) => name.startsWith(start));
  return Object.fromEntries(named.map(([name, array]) => [name.slice(start.length), array]));
}
