// Files that a page was given. This tab remembers them, and nobody else: when another session takes the place of the
// one that had them, they are given to it as a hand would give them.

/**
 * @typedef {object} Data
 * @property {string} slot what the files are for
 * @property {string} session which session asks
 * @property {string} uploader the class of the element that holds its upload field
 * @property {[string, number][]} kept names and sizes of the files that the session has
 * @property {number} most files that are remembered
 * @property {number} bytes of one at most
 *
 * @typedef {{data: Data, setTriggerValue: (name: string, value: unknown) => void}} Call of Streamlit's
 *
 * @typedef {{file: File, known: boolean}} Kept `known` once the session has it
 * @typedef {{files: Map<string, Kept>, data: Data | null}} Slot
 */

const PATIENCE = 10_000; // milliseconds until a field for files that never comes is no longer waited for
/** @type {Map<string, Slot>} */
const slots = new Map();

/** @type {(name: string, size: number) => string} */
const nameOf = (name, size) => `${size} ${name}`;

/** @type {(slot: Slot, files: FileList | undefined | null) => void} */
function remember({ files: kept, data }, files) {
  if (!data) return;
  for (const file of files ?? []) {
    if (file.size > data.bytes) continue;
    const name = nameOf(file.name, file.size);
    kept.delete(name);
    kept.set(name, { file, known: false });
  }
  for (const name of [...kept.keys()].slice(0, -data.most)) kept.delete(name);
}

/** @type {(slot: Slot, names: Set<string>) => void} what the session had and has no longer was taken away by somebody */
function forget({ files }, names) {
  for (const [name, kept] of files) {
    if (names.has(name)) kept.known = true;
    else if (kept.known) files.delete(name);
  }
}

/** @type {(data: Data) => HTMLInputElement | null} */
function fieldOf({ uploader }) {
  return document.querySelector(`.${CSS.escape(uploader)} input[type=file]`);
}

/** @type {(slot: Slot, since?: number) => void} as soon as there is a field for them */
function give(slot, since = performance.now()) {
  const { data, files } = slot;
  const field = data && fieldOf(data);
  if (field) {
    const held = new DataTransfer();
    for (const { file } of [...files.values()].slice(field.multiple ? 0 : -1)) held.items.add(file);
    field.files = held.files;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  } else if (performance.now() - since < PATIENCE) requestAnimationFrame(() => give(slot, since));
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

for (const kind of ["change", "drop"]) document.addEventListener(kind, listen, { capture: true });

/** @param {Call} call */
export default function mount({ data, setTriggerValue }) {
  const slot = slots.get(data.slot) ?? { files: new Map(), data: null };
  slots.set(data.slot, slot);
  const isAnother = slot.data?.session !== data.session;
  slot.data = data;
  if (!isAnother) {
    forget(slot, new Set(data.kept.map(([name, size]) => nameOf(name, size))));
    return;
  }
  for (const kept of slot.files.values()) kept.known = false;
  if (slot.files.size) give(slot);
  else setTriggerValue("nothing", true);
}
