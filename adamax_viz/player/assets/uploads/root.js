// Files that a page was given. This tab remembers them, and nobody else: when another session takes the place of the
// one that had them, they are given to it as a hand would give them.

import { RELOAD } from "../base/again.js";

/**
 * @typedef {object} Data
 * @property {string} slot what the files are for
 * @property {string} session which session asks
 * @property {string} uploader the class of the element that holds its upload field
 * @property {[string, number][]} kept names and sizes of the files that the session has
 * @property {number} most files that are remembered
 * @property {number} bytes of one at most
 * @property {boolean} wanted whether the session wants what it has not
 * @property {boolean} says whether it wants to know that there is nothing
 *
 * @typedef {{data: Data, setTriggerValue: (name: string, value: unknown) => void}} Call of Streamlit's
 *
 * @typedef {{file: File, known: boolean}} Kept `known` once the session has it
 * @typedef {{files: Map<string, Kept>, data: Data | null, answered: string}} Slot `answered`: the last session that wanted
 */

const PATIENCE = 10_000; // milliseconds until a field for files that never comes is no longer waited for
/** @type {Map<string, Slot>} */
const slots = new Map();

/** @type {(name: string, size: number) => string} */
const nameOf = (name, size) => `${size} ${name}`;

/** @type {(file: File) => string} two of one name and size may differ all the same */
const keyOf = (file) => `${nameOf(file.name, file.size)} ${file.lastModified}`;

/** @type {(slot: Slot, files: FileList | undefined | null) => void} */
function remember({ files: kept, data }, files) {
  if (!data) return;
  for (const file of files ?? []) {
    if (file.size > data.bytes) continue;
    const key = keyOf(file);
    kept.delete(key);
    kept.set(key, { file, known: false });
  }
  for (const key of [...kept.keys()].slice(0, -data.most)) kept.delete(key);
}

/** @type {(slot: Slot, names: string[]) => void} what the session had and has no longer was taken away by somebody */
function forget({ files }, names) {
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  const newestFirst = [...files].reverse(); // the oldest is closed first
  for (const [key, kept] of newestFirst.sort(([, a], [, b]) => Number(b.known) - Number(a.known))) {
    const name = nameOf(kept.file.name, kept.file.size);
    const left = counts.get(name) ?? 0;
    counts.set(name, left - 1);
    if (left > 0) kept.known = true;
    else if (kept.known) files.delete(key);
  }
}

/** @type {(data: Data) => HTMLInputElement | null} */
function fieldOf({ uploader }) {
  return document.querySelector(`.${CSS.escape(uploader)} input[type=file]`);
}

/** @type {(data: Data, files: File[], since?: number) => void} as soon as there is a field for them */
function give(data, files, since = performance.now()) {
  const field = fieldOf(data);
  if (field) {
    const held = new DataTransfer();
    for (const file of files.slice(field.multiple ? 0 : -1)) held.items.add(file);
    field.files = held.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (performance.now() - since < PATIENCE) requestAnimationFrame(() => give(data, files, since));
}

/** @param {Event} event files come by the dialog, or by a hand that drops them */
function listen(event) {
  const { target } = event;
  if (!(target instanceof Element)) return;
  for (const slot of slots.values()) {
    if (!slot.data || !target.closest(`.${CSS.escape(slot.data.uploader)}`)) continue;
    remember(slot, event instanceof DragEvent ? event.dataTransfer?.files : /** @type {any} */ (target).files);
  }
}

document.addEventListener(RELOAD, (event) => {
  if ([...slots.values()].some(({ files }) => files.size)) event.preventDefault(); // they would be lost
});
for (const kind of ["change", "drop"]) document.addEventListener(kind, listen, { capture: true });

/** @param {Call} call */
export default function mount({ data, setTriggerValue }) {
  const slot = slots.get(data.slot) ?? { files: new Map(), data: null, answered: "" };
  const all = [...slot.files.values()].sort((a, b) => Number(a.known) - Number(b.known)); // what was refused comes first
  slots.set(data.slot, slot);
  if (slot.data?.session !== data.session) { for (const kept of all) kept.known = false; }
  else if (slot.data.uploader !== data.uploader) slot.files.clear(); // all were closed, what was refused as well
  slot.data = data;
  if (data.wanted && slot.answered !== data.session) {
    slot.answered = data.session;
    if (all.length) give(data, all.map(({ file }) => file));
    else if (data.says) setTriggerValue("nothing", true);
  } else forget(slot, data.kept.map(([name, size]) => nameOf(name, size)));
}
