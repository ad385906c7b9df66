// A surface that moves, at the steps that a film or a page without a server needs.

import { decode } from "../base/payload.js";
import { base } from "../base/plotly.js";
import { makeSurface } from "../base/run.js";

/** @import { Payload, Surface, SurfaceHeader } from "../base/types.js" */

/** @typedef {Payload<{query: string, surface: SurfaceHeader, snapshots?: SurfaceHeader[]}>} WithSnapshots */

/** @type {(payload: WithSnapshots, step: number) => Surface | null} the embedded one nearest to a step, if any is */
export function embeddedSurface({ header, arrays }, step) {
  const { snapshots = [] } = header;
  if (!snapshots.length) return null;
  const away = snapshots.map(({ t }) => Math.abs(t - step));
  const nearest = away.indexOf(Math.min(...away));
  // The same object each time: pictures notice a new surface by its identity.
  return Object.assign(snapshots[nearest], { shade: arrays[`shade@${nearest}`].data });
}

/** @type {(payload: WithSnapshots, step: number, signal?: AbortSignal) => Promise<Surface>} that, or the server's */
export async function surfaceAt(payload, step, signal) {
  const embedded = embeddedSurface(payload, step);
  if (embedded) return embedded;
  const answer = await fetch(`${base()}/live?${payload.header.query}&surface_step=${step}`, { signal });
  const surface = answer.ok ? makeSurface(decode(new Uint8Array(await answer.arrayBuffer()))) : null;
  if (!surface) throw new Error("The server did not answer; the run is still here. Try again in a moment.");
  return surface;
}
