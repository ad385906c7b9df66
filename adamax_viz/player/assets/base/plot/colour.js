// Arithmetic of colours, as [r, g, b] from 0 to 255.

/** @typedef {number[]} Colour */

/**
 * [r, g, b] of "#rrggbb".
 * @param {string} text
 * @returns {Colour}
 */
export function rgb(text) {
  return [1, 3, 5].map((i) => parseInt(text.slice(i, i + 2), 16));
}

/**
 * The colour a part of the way from one to another.
 * @param {Colour} from
 * @param {Colour} to
 * @param {number} part 0 to 1
 */
export function mixed(from, to, part) {
  return from.map((value, channel) => value + (to[channel] - value) * part);
}

/**
 * The colour at a place, 0 to 1, along several.
 * @param {Colour[]} colours
 * @param {number} place
 */
export function along(colours, place) {
  const at = place * (colours.length - 1);
  const below = Math.min(colours.length - 2, Math.floor(at));
  return mixed(colours[below], colours[below + 1], at - below);
}
