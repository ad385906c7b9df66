// What lies under the pointer on a canvas: kept as `hovered`, drawn as it changes, picked by a click.

/** @import { Training } from "../../scenes/training.js" */

/**
 * @template Hit
 * @param {{canvas: HTMLCanvasElement, hovered: Hit | null, scene: Training}} part
 * @param {(event: MouseEvent) => Hit | null} find
 * @param {(hit: Hit) => void} onPick
 */
export function followPointer(part, find, onPick) {
  const hover = (/** @type {Hit | null} */ hit) => {
    part.hovered = hit;
    part.scene.root.draw();
  };
  part.canvas.addEventListener("pointermove", (event) => hover(find(event)));
  part.canvas.addEventListener("pointerleave", () => hover(null));
  part.canvas.addEventListener("click", (event) => {
    const hit = find(event);
    if (hit) onPick(hit);
  });
}

/**
 * Which of some things is least far away, if it is nearer than so many pixels.
 * @type {<Thing>(things: Thing[], distance: (thing: Thing) => number, pixels: number) => Thing | null}
 */
export function nearest(things, distance, pixels) {
  const distances = things.map(distance);
  const least = distances.reduce((a, b) => Math.min(a, b), pixels);
  return least < pixels ? things[distances.indexOf(least)] : null;
}
