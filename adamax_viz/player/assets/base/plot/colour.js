// Arithmetic of colours, as [r, g, b] from 0 to 255.

/** @typedef {number[]} Colour */

/** @type {(text: string) => Colour} of "#rrggbb" */
export function rgb(text) {
  return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
}

/** @type {(from: Colour, to: Colour, part: number) => Colour} a part, 0 to 1, of the way from one to another */
export function mixed(from, to, part) {
  return from.map((value, channel) => value + (to[channel] - value) * part);
}

/** @type {(colours: Colour[], place: number) => Colour} at a place, 0 to 1, along several */
export function along(colours, place) {
  const at = place * (colours.length - 1);
  const below = Math.min(colours.length - 2, Math.floor(at));
  return mixed(colours[below], colours[below + 1], at - below);
}
