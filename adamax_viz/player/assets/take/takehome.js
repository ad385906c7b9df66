// Take it home: this run as picture, film, page, table, code, or all of them. Pictures are drawn here, as seen;
// the rest is asked of the server by the run's link.

import { h } from "../base/dom.js";
import { gifFilm } from "./film.js";
import { pngPicture, svgPicture } from "./picture.js";
import { base } from "../base/plotly.js";

/**
 * @import { Runs as Player } from "../scenes/runs.js"
 *
 * @typedef {(part: number) => void} OnProgress from 0 to 1
 * @typedef {(player: Player, onProgress: OnProgress, signal: AbortSignal, kind: string) => Promise<Blob>} Make
 * @typedef {{kind: string, label: string, help: string, make?: Make}} Kind of file, and what makes it of what is shown
 */

/** @type {Kind[]} */
const KINDS = [
  { kind: "png", label: "Picture", help: "PNG: landscape and charts as you see them", make: pngPicture },
  { kind: "svg", label: "Picture to edit or print", help: "SVG: the same in lines and letters", make: svgBlob },
  { kind: "gif", label: "Film", help: "GIF for slides: the run from its start to its end", make: gifFilm },
  { kind: "html", label: "Page that plays offline", help: "HTML: this player with this run, in one file" },
  { kind: "csv", label: "Table", help: "CSV: every number of every step, exactly" },
  { kind: "py", label: "Code", help: "Python: the same run with Keras and with this library" },
  { kind: "json", label: "Settings", help: "JSON: what made the run" },
  { kind: "zip", label: "Everything", help: "ZIP of all this, with a description of the columns", make: everything },
];

const PICTURES = ["png", "svg", "gif"]; // what the browser makes alone

export class TakeHome {
  /** @type {AbortController | null} */
  abort = null;
  bar = h("progress", { max: 1, "aria-label": "Progress" });
  words = h("output", { role: "status" });
  title = h("summary", {}, "Take it home");
  buttons = KINDS.map((entry) =>
    h(
      "button",
      { type: "button", class: "al-kind", "data-kind": entry.kind, onclick: () => this.make(entry) },
      h("span", {}, entry.label),
      h("small", {}, entry.help),
    )
  );
  making = h(
    "div",
    { class: "al-making" },
    this.bar,
    h("button", { type: "button", class: "al-button al-cancel", onclick: () => this.abort?.abort() }, "Cancel"),
    this.words,
  );
  element = h(
    "details",
    { class: "al-takehome", onkeydown: (event) => event.key === "Escape" && this.close() },
    this.title,
    h("div", { class: "al-kinds" }, ...this.buttons, this.making),
  );

  /** @param {Player} player */
  constructor(player) {
    this.player = player;
    this.onPress = (/** @type {Event} */ event) =>
      this.element.contains(/** @type {Node} */ (event.target)) || this.close();
    document.addEventListener("pointerdown", this.onPress);
  }

  remove() {
    document.removeEventListener("pointerdown", this.onPress);
  }

  close() {
    if (!this.element.open || this.abort) return; // what is being made stays in sight
    this.element.open = false;
    this.words.textContent = "";
    if (this.element.contains(document.activeElement)) this.title.focus();
  }

  /** @param {Player} player one run is offered as all, several as pictures, unless the page names less */
  take({ header: { options }, several }) {
    const kinds = options.take ?? (several ? PICTURES : KINDS.map(({ kind }) => kind));
    this.element.hidden = kinds.length === 0;
    for (const button of this.buttons) button.hidden = !kinds.includes(button.dataset.kind ?? "");
  }

  /** @param {Kind} entry */
  async make({ kind, label, make = fetched }) {
    const { signal } = this.abort = new AbortController();
    const file = `${nameOf(this.player)}.${kind}`;
    this.bar.removeAttribute("value"); // until something is known of its progress
    this.state(`Making the ${label.toLowerCase()}…`, true);
    try {
      const blob = await make(this.player, (part) => (this.bar.value = part), signal, kind);
      signal.throwIfAborted();
      save(blob, file);
      this.state(`Saved as ${file}.`, false);
    } catch (error) {
      this.state(signal.aborted ? "Cancelled; nothing was saved." : /** @type {Error} */ (error).message, false);
    }
    this.abort = null;
  }

  /** @type {(words: string, busy: boolean) => void} */
  state(words, busy) {
    this.words.textContent = words;
    this.making.classList.toggle("al-busy", busy);
    for (const button of this.buttons) button.disabled = busy;
  }
}

/** @param {Player} player */
async function svgBlob(player) {
  return new Blob([await svgPicture(player)], { type: "image/svg+xml" });
}

/**
 * A file of this run that the server makes: {kind} of the run's link, with the charts and the playhead of the screen.
 * @type {Make}
 */
function fetched(player, _, signal, kind) {
  return player.payload.header.options.offline ? embedded() : answer(address(player, kind), { signal });
}

/** A page that plays offline carries its table with it. */
function embedded() {
  const packed = document.getElementById("adamax-table")?.textContent ?? "";
  const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).blob();
}

/** @type {Make} all files in one: the server's own and the pictures made here */
async function everything(player, onProgress, signal, kind) {
  const body = new FormData();
  body.append("svg", await svgBlob(player));
  body.append("png", await pngPicture(player));
  signal.throwIfAborted();
  body.append("gif", await gifFilm(player, (part) => onProgress(0.1 + 0.7 * part), signal));
  signal.throwIfAborted();
  onProgress(0.85);
  return answer(address(player, kind), { method: "POST", body, signal });
}

/** @type {(player: Player, kind: string) => string} */
function address({ payload: { header }, transport }, kind) {
  const panels = header.panels.map((panel) => panel.key).join();
  return `${base()}/take/run.${kind}?${header.query}&panels=${panels}&step=${Math.floor(transport.position)}`;
}

/** @type {(url: string, request: RequestInit) => Promise<Blob>} what the server sends, or its reason as an error */
async function answer(url, request) {
  const response = await fetch(url, request).catch((error) => {
    if (request.signal?.aborted) throw error;
    throw new Error("The server did not answer; the run is still here. Try again in a moment.");
  });
  if (!response.ok) throw new Error((await response.text()) || "The server could not make this file; try again.");
  return response.blob();
}

/** @param {Player} player */
function nameOf({ payload: { header } }) {
  const params = new URLSearchParams(header.query);
  return `adamax-${params.get("effect") ?? params.get("surface") ?? "run"}`;
}

/** @type {(blob: Blob, name: string) => void} */
function save(blob, name) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
