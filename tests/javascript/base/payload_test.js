// The payload: what was packed is read, wherever the bytes begin.

import assert from "node:assert/strict";
import { arraysOf, columnValues, decode } from "../../../adamax_viz/player/assets/base/payload.js";

/** Bytes as Python packs them. */
function packed(header, arrays) {
  let offset = 0;
  const index = {};
  for (const [name, { type, data, columns }] of Object.entries(arrays)) {
    index[name] = { type, offset, count: data.length, columns };
    offset += Math.ceil(data.byteLength / 8) * 8;
  }
  const text = new TextEncoder().encode(JSON.stringify({ ...header, arrays: index }));
  const start = Math.ceil((4 + text.length) / 8) * 8;
  const bytes = new Uint8Array(start + offset);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  for (const [name, { data }] of Object.entries(arrays)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), start + index[name].offset);
  }
  return bytes;
}

const ARRAYS = {
  theta: { type: "f8", data: Float64Array.of(0.1, -0, NaN, Infinity), columns: 2 },
  loss: { type: "f4", data: Float32Array.of(1e-40, 3.25, -1), columns: 1 },
  flags: { type: "u1", data: Uint8Array.of(0, 255, 7), columns: 1 },
};

Deno.test("header and arrays come out as they went in", () => {
  const { header, arrays } = decode(packed({ title: "Café θ̄ ☆" }, ARRAYS));
  assert.equal(header.title, "Café θ̄ ☆");
  for (const [name, { data, columns }] of Object.entries(ARRAYS)) {
    assert.deepEqual(arrays[name], { data, columns });
  }
});

Deno.test("bytes may begin anywhere in their buffer", () => {
  const bytes = packed({}, ARRAYS);
  for (const shift of [0, 1, 4, 8]) {
    const shifted = new Uint8Array(bytes.length + shift);
    shifted.set(bytes, shift);
    assert.deepEqual(decode(shifted.subarray(shift)).arrays.theta.data, ARRAYS.theta.data);
  }
});

Deno.test("what lies at multiples of eight is not copied", () => {
  const bytes = packed({}, ARRAYS);
  assert.equal(decode(bytes).arrays.theta.data.buffer, bytes.buffer);
});

Deno.test("a column is an array of its own", () => {
  const array = { data: Float64Array.of(1, 2, 3, 4), columns: 2 };
  assert.deepEqual(columnValues(array, 1), Float64Array.of(2, 4));
  const single = { data: Float32Array.of(1, 2), columns: 1 };
  assert.equal(columnValues(single, 0), single.data);
});

Deno.test("the arrays of one run have its number before a dot", () => {
  const one = { data: Uint8Array.of(1), columns: 1 };
  assert.deepEqual(arraysOf({ "1.u": one, "11.u": one, u: one, "1.pick.m": one }, "1"), { u: one, "pick.m": one });
});
