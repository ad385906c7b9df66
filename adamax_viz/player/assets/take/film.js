// The run as an animated GIF: the picture people take home at many playheads, drawn and packed in the browser.

import { mixed, rgb } from "../base/plot/colour.js";
import { contextOf } from "../base/dom.js";
import { Gif, makePalette } from "./gif.js";
import { draw, groundSvg, loaded, prepare, WIDTH } from "./picture.js";
import { surfaceAt } from "./snapshots.js";

/** @import { Theme } from "../base/types.js" */
/** @import { Runs as Player } from "../scenes/runs.js" */

const FRAMES = 90; // at most
const DELAY = 8; // hundredths of a second a frame
const REST = 200; // the last frame stays, before it starts again
const GROUNDS = 24; // pictures of a surface that moves
const FAINT = 0.3; // a path still to come
const SCALE = 0.78; // 900 pixels wide: sharp on a slide, small enough for a mail

/**
 * A GIF as Blob; `signal` cancels between two frames.
 * @type {(player: Player, onProgress?: (part: number) => void, signal?: AbortSignal) => Promise<Blob>}
 */
export async function gifFilm(player, onProgress, signal) {
  const picture = await prepare(player);
  let ground = await loaded(picture.ground);
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(WIDTH * SCALE), Math.round(picture.height * SCALE)];
  const context = contextOf(canvas, { willReadFrequently: true });
  context.setTransform(SCALE, 0, 0, SCALE, 0, 0);
  const { steps } = player.transport;
  const moves = player.run.surface.moves && !picture.inSpace;
  const frame = (/** @type {number} */ position) => {
    const step = Math.min(Math.floor(position), steps - 1);
    draw(context, picture, position, step, (...place) => context.drawImage(ground, ...place));
    return context.getImageData(0, 0, canvas.width, canvas.height).data;
  };
  const count = Math.min(FRAMES, steps + 1);
  const every = Math.ceil(count / GROUNDS);
  const samples = [0, 0.1, 0.5, 1].map((part) => frame(Math.round(part * steps)));
  const gif = new Gif(canvas.width, canvas.height, makePalette(samples, colours(picture.theme)));
  for (let i = 0; i < count; i++) {
    const position = Math.round((i * steps) / Math.max(1, count - 1));
    signal?.throwIfAborted();
    if (moves && i % every === 0) {
      const surface = await surfaceAt(player.payload, position, signal);
      ground = await loaded(await groundSvg(player, picture.theme, surface));
    }
    gif.add(frame(position), i === count - 1 ? REST : DELAY);
    onProgress?.((i + 1) / count);
    await new Promise((done) => setTimeout(done)); // the page stays alive, and Cancel can be pressed
  }
  return gif.finish();
}

/** @type {(theme: Theme) => string[]} those that mean something, full, and as faint as a path that is still to come */
function colours({ ink, quiet, minimum, background, variants, quantities }) {
  const all = Object.values(quantities);
  const lines = [ink, ...variants, ...all.map(({ line }) => line)];
  const texts = [quiet, minimum, ...all.map(({ text }) => text)];
  const hex = (/** @type {number} */ channel) => Math.round(channel).toString(16).padStart(2, "0");
  const faded = (/** @type {string} */ line) => mixed(rgb(background), rgb(line), FAINT).map(hex).join("");
  // Python's colours are all #rrggbb, the page's background may not be.
  const faint = /^#[0-9a-f]{6}$/i.test(background) ? lines.map((line) => `#${faded(line)}`) : [];
  return [...lines, ...texts, ...faint];
}
