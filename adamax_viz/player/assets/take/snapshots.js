// A surface that moves, at the steps that a film or a page without a server needs.

import { decode } from "../base/payload.js";
import { base } from "../base/plotly.js";
import { makeSurface } from "../base/run.js";

/** The surface of an embedded page that is nearest to a step, or null if the page has none. */
export function embeddedSurface({ header, arrays }, step) {
  const all = header.snapshots ?? [];
  if (!all.length) return null;
  const nearest = all.reduce((best, one, i) => (Math.abs(one.t - step) < Math.abs(all[best].t - step) ? i : best), 0);
  all[nearest].shade ??= arrays[`shade@${nearest}`].data;
  return all[nearest];
}

/** The surface at a step: embedded, or asked of the server. */
export async function surfaceAt(payload, step, signal) {
  const own = embeddedSurface(payload, step);
  if (own) return own;
  const answer = await fetch(`${base()}/live?${payload.header.query}&surface_step=${step}`, { signal });
  if (!answer.ok) throw new Error("The server did not answer; the run is still here. Try again in a moment.");
  return makeSurface(decode(new Uint8Array(await answer.arrayBuffer())));
}
