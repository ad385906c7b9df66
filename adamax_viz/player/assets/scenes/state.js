// What the player shows of runs, as plain values: the scene's part of the public face.

/** @import { SurfaceRun } from "../base/types.js" */

const LETTERS = "ABCDEFGHIJKL";

/**
 * Letters of the runs, those hidden, and the one in hand; where their heads are at the playhead; keys and titles of the
 * charts, and the last step in sight; the view, the surface and the step at which it is shown; what the page asks.
 * @param {import("./runs.js").Runs} scene
 */
export function stateOf(scene) {
  const { runs, run, transport, panels, header, landscape, options, selection } = scene;
  const letters = (/** @type {SurfaceRun[]} */ some) => some.map(({ variant = 0 }) => LETTERS[variant]);
  const { scene: page, ask } = header.options;
  return {
    named: header.named,
    runs: letters(runs),
    labels: runs.map(({ label }) => label),
    hidden: letters(runs.filter((each) => !selection.isShown(each))),
    picked: letters([run])[0],
    target: header.target,
    heads: runs.map(({ between, theta, steps }) => between(theta, Math.min(transport.position, steps))),
    beside: landscape.beside.map(({ label }) => label),
    charts: header.panels.map(({ key }) => key),
    titles: header.panels.map(({ title }) => title),
    last: panels.ready ? panels.last : null,
    view: scene.view,
    surface: run.surface.key,
    surfaceStep: run.surface.t,
    scene: page?.key ?? null,
    asking: options.asking,
    guess: ask ? options.guess : null,
  };
}
