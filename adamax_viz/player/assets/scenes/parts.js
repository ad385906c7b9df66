// The parts of the scene of runs, a row for each; another row is another part (docs/contributing.md adds one).

import { RunCharts } from "../parts/charts/run_charts.js";
import { Chooser, Coordinates, Enlarge, Pickers, ViewTabs } from "../parts/choices.js";
import { Views } from "../parts/landscape/views.js";
import { Ledger } from "../parts/ledger.js";
import { Present } from "../parts/present.js";
import { Legend } from "../parts/variants.js";
import { Words } from "../parts/words.js";
import { TakeHome } from "../take/takehome.js";

/**
 * @import { Runs } from "./runs.js"
 *
 * @typedef {object} Part what the scene asks of a part, which is made once and given the scene
 * @property {HTMLElement} element what it builds
 * @property {(scene: Runs) => void} [take] other runs, or others of them in hand or in sight
 * @property {() => void | Promise<void>} [resize] paint what stays, as large as the page is now
 * @property {(position: number, step: number) => void} [draw] what moves, for a (fractional) playhead
 * @property {() => void} [remove] what outlives its element
 *
 * @typedef {object} Row
 * @property {new (scene: Runs) => Part} part
 * @property {"top" | "bar" | "menus" | "main" | "below"} place where it stands; in the order of the rows
 * @property {boolean} [several] whether one run alone has none
 * @property {string} [page] by which name a page shows or hides it; without one it always stands there
 */

/** In the order in which they are drawn: elements first, since a canvas's type has the page laid out again. */
export const PARTS = /** @satisfies {Record<string, Row>} */ ({
  legend: { part: Legend, place: "top", several: true },
  tabs: { part: ViewTabs, place: "bar", page: "tabs" },
  enlarge: { part: Enlarge, place: "menus" },
  coordinates: { part: Coordinates, place: "menus", several: true },
  chooser: { part: Chooser, place: "menus", page: "chooser" },
  takeHome: { part: TakeHome, place: "menus" },
  words: { part: Words, place: "below", page: "words" },
  pickers: { part: Pickers, place: "below", several: true, page: "ledger" },
  ledger: { part: Ledger, place: "below", page: "ledger" },
  present: { part: Present, place: "below" },
  landscape: { part: Views, place: "main", page: "landscape" },
  charts: { part: RunCharts, place: "main", page: "panels" },
});

/** @type {[keyof typeof PARTS, Row][]} */
const ROWS = /** @type {any} */ (Object.entries(PARTS));

/** @type {(scene: Runs) => {[Name in keyof typeof PARTS]: InstanceType<(typeof PARTS)[Name]["part"]>}} */
export function makeParts(scene) {
  return /** @type {any} */ (Object.fromEntries(ROWS.map(([name, { part }]) => [name, new part(scene)])));
}

/** @type {(scene: Runs) => (Row & {made: Part})[]} the rows with the parts that were made of them */
export function rowsOf({ parts }) {
  return ROWS.map(([name, row]) => ({ ...row, made: parts[name] }));
}
