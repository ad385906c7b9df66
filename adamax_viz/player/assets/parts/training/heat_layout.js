// Where heat maps and the stripes of their variables lie, and which parameter and step a place belongs to.

import { clamp } from "../../base/format.js";

/**
 * @import { Box, Pair } from "../../base/types.js"
 * @import { Band, HeatMap } from "./types.js"
 *
 * @typedef {{band: Band, top: number, height: number}} Stripe the rows of a variable, in pixels below the map's top
 * @typedef {Box & {map: HeatMap, first: boolean, stripes: Stripe[]}} Place `first` of its line: names are at its left
 */

export const NAMES = 142; // pixels at the left for names and shares
const TITLE = 24;
const BOTTOM = 18;
const GAP = 14;
const LEAST = 14; // pixels a variable has at least
const HEIGHT = 250; // pixels of one map
const BETWEEN = 3;

/** @type {(maps: HeatMap[], bands: Band[], width: number) => {places: Place[], height: number}} in 1, 2 or 4 columns */
export function layOut(maps, bands, width) {
  const across = width >= 760 ? 4 : width >= 560 ? 2 : 1;
  const height = Math.max(HEIGHT, bands.length * (LEAST + BETWEEN));
  const line = TITLE + height + BOTTOM;
  const each = (width - NAMES - GAP * (across - 1)) / across;
  const stripes = stripesOf(bands, height);
  const places = maps.map((map, i) => ({
    map,
    first: i % across === 0,
    stripes,
    left: NAMES + (i % across) * (each + GAP),
    top: Math.floor(i / across) * line + TITLE,
    width: each,
    height,
  }));
  return { places, height: Math.ceil(maps.length / across) * line };
}

/** @type {(bands: Band[], height: number) => Stripe[]} in proportion to their rows, but enough for each one's name */
export function stripesOf(bands, height) {
  const free = height - BETWEEN * (bands.length - 1);
  const rows = sum(bands.map((band) => band.rows));
  const wanted = bands.map((band) => Math.max(LEAST, (band.rows / rows) * free));
  const over = Math.max(0, sum(wanted) - free);
  const spare = sum(wanted) - LEAST * bands.length || 1;
  let top = 0;
  return bands.map((band, i) => {
    const stripe = { band, top, height: wanted[i] - ((wanted[i] - LEAST) / spare) * over };
    top += stripe.height + BETWEEN;
    return stripe;
  });
}

/**
 * The step and the column of theta at a point, or null beside the maps. The names at the left belong to the first step.
 * @type {(places: Place[], steps: number, point: Pair) => {step: number, column: number} | null}
 */
export function findParameter(places, steps, [x, y]) {
  const place = places.find(({ left, top, width, height, first }) =>
    y >= top && y <= top + height && x <= left + width && (x >= left || first)
  );
  const stripe = place?.stripes.find(({ top, height }) =>
    y >= place.top + top && y <= place.top + top + height + BETWEEN
  );
  if (!place || !stripe) return null;
  const { band } = stripe;
  const part = clamp((y - place.top - stripe.top) / stripe.height, 0, 0.9999);
  const step = clamp(Math.floor(((x - place.left) / place.width) * steps), 0, steps - 1);
  return { step, column: band.first + Math.floor(part * band.size) };
}

/** @type {(place: Place, column: number) => number | null} how far below the canvas's top a row lies, if it has one */
export function rowOf({ top, stripes }, column) {
  const stripe = stripes.find(({ band }) => column >= band.first && column < band.first + band.size);
  if (!stripe) return null;
  return top + stripe.top + ((column - stripe.band.first + 0.5) / stripe.band.size) * stripe.height;
}

/** @param {number[]} values */
function sum(values) {
  return values.reduce((a, b) => a + b, 0);
}
