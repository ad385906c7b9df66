// What the player makes of Python's numbers, as JSON on the standard output; `test_twins.py` holds it against Python.
//
// deno run values.js run FILE NAMES…: the named quantities of the first run of a payload, all steps and coordinates.
// deno run values.js norm JSON: the norms of [gradients, p, rates], for each of a list of them.

import { decode } from "../../adamax_viz/player/assets/base/payload.js";
import { makeRuns } from "../../adamax_viz/player/assets/base/run.js";
import { accumulate } from "../../adamax_viz/player/assets/parts/norms/norm.js";

/** @type {Record<string, (...rest: string[]) => unknown>} */
const KINDS = {
  run: (file, ...names) => {
    const payload = decode(Deno.readFileSync(file));
    const [run] = makeRuns(payload, { ...payload.header.surface, shade: new Float32Array() });
    const steps = Array.from({ length: run.steps }, (_, k) => k);
    const values = (/** @type {string} */ name) =>
      steps.map((k) => run.coordinates.map((_, d) => run.value(name, k, d)));
    return {
      ...Object.fromEntries(names.map((name) => [name, values(name)])),
      is_update: steps.map(run.isUpdate),
      branch: steps.map((k) => run.coordinates.map((_, d) => run.branch(k, d))),
    };
  },
  norm: (text) =>
    JSON.parse(text).map((/** @type {[number[], number | "inf", any]} */ [gradients, p, rates]) => {
      const { u, step } = accumulate(gradients, p === "inf" ? Infinity : p, rates);
      return { u: Array.from(u), step: Array.from(step) };
    }),
};

const [kind, ...rest] = Deno.args;
// JSON knows no infinity: such numbers go as text.
const told = (/** @type {string} */ _, /** @type {unknown} */ value) =>
  typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0))
    ? Object.is(value, -0) ? "-0" : String(value)
    : value;
console.log(JSON.stringify(KINDS[kind](...rest), told));
