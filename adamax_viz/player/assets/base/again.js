// Where the playhead stood, and what nobody had been told, when a player had to go: because another session took over, or
// the page was loaded anew.
//
// The page is loaded anew where its server has other files than it knows. Whoever keeps what would be lost by that stops
// the event `RELOAD`.

export const RELOAD = "adamax-reload";
const PLACE = "adamax-place";

/**
 * @import { Request } from "./channel.js"
 *
 * @typedef {object} Place
 * @property {string} query what was shown, as its session knew it
 * @property {string} session
 * @property {number} step
 * @property {Request | null} unsaid what that session has not answered
 */

/** @type {Place | null} */
let place = null;
/** @type {string | undefined} of the files that this page knows */
let known = undefined;

/** @type {(version?: string) => boolean} whether the server has others by now */
export function isOutdated(version) {
  known ??= version;
  return version !== known;
}

/** @type {(here: Place) => boolean} whether the page is loaded anew; not where something would be lost by it */
export function loadAnew(here) {
  if (!document.dispatchEvent(new Event(RELOAD, { cancelable: true }))) return false;
  try {
    sessionStorage.setItem(PLACE, JSON.stringify(here));
  } catch {
    // A page that may keep nothing begins at the end.
  }
  location.reload();
  return true;
}

/** @param {Place} here where a player was that leaves the page */
export function leaveAt(here) {
  place = here;
}

/** @type {(query: string, session?: string) => Place | null} of the same before another session; asked once */
export function placeBefore(query, session) {
  const before = place ?? stored();
  place = null;
  return before && before.query === query && before.session !== session ? before : null;
}

/** @returns {Place | null} */
function stored() {
  try {
    const text = sessionStorage.getItem(PLACE);
    sessionStorage.removeItem(PLACE);
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}
