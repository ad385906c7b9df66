// The payload: a little-endian uint32 with the header's length, the header as JSON, then the arrays, 8-byte aligned.

const TYPES = { f8: Float64Array, f4: Float32Array, u1: Uint8Array };

/** {header, arrays}: each array is {data, columns}, read without copying where alignment allows. */
export function decode(bytes) {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const { buffer, byteOffset } = aligned;
  const length = new DataView(buffer, byteOffset, 4).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(aligned.subarray(4, 4 + length)));
  const start = byteOffset + Math.ceil((4 + length) / 8) * 8;
  const arrays = {};
  for (const [name, { type, offset, count, columns }] of Object.entries(header.arrays)) {
    arrays[name] = { data: new TYPES[type](buffer, start + offset, count), columns };
  }
  return { header, arrays };
}

/** One column as an array of its own. */
export function columnValues(array, index) {
  const { data, columns } = array;
  if (columns === 1) return data;
  const values = new Float64Array(data.length / columns);
  for (let k = 0; k < values.length; k++) values[k] = data[k * columns + index];
  return values;
}
