// Take it home: this run as picture, film, page, table, code, or all of them. Pictures are drawn here, as seen;
// the rest is asked of the server by the run's link.

import { h } from "../base/dom.js";
import { gifFilm } from "./film.js";
import { pngPicture, svgPicture } from "./picture.js";
import { base } from "../base/plotly.js";

const svgBlob = async (player) => new Blob([await svgPicture(player)], { type: "image/svg+xml" });
const KINDS = [
  { kind: "png", label: "Picture", help: "PNG: landscape and charts as you see them", make: pngPicture },
  { kind: "svg", label: "Picture to edit or print", help: "SVG: the same in lines and letters", make: svgBlob },
  { kind: "gif", label: "Film", help: "GIF for slides: the run from its start to its end", make: gifFilm },
  {
    kind: "html",
    label: "Page that plays offline",
    help: "HTML: this player with this run, in one file",
    make: fetched,
  },
  { kind: "csv", label: "Table", help: "CSV: every number of every step, exactly", make: fetched },
  { kind: "py", label: "Code", help: "Python: the same run with Keras and with this library", make: fetched },
  { kind: "json", label: "Settings", help: "JSON: what made the run", make: fetched },
  { kind: "zip", label: "Everything", help: "ZIP of all this, with a description of the columns", make: everything },
];

const PICTURES = ["png", "svg", "gif"]; // what the browser makes alone

export class TakeHome {
  constructor(player) {
    this.player = player;
    this.buttons = KINDS.map((entry) => {
      const button = h(
        "button",
        { type: "button", class: "al-kind", "data-kind": entry.kind, onclick: () => this.take(entry) },
        h("span", {}, entry.label),
        h("small", {}, entry.help),
      );
      return [entry.kind, button];
    });
    this.bar = h("progress", { max: 1, "aria-label": "Progress" });
    this.words = h("output", { role: "status" });
    this.cancel = h(
      "button",
      { type: "button", class: "al-button al-cancel", onclick: () => this.abort?.abort() },
      "Cancel",
    );
    this.making = h("div", { class: "al-making" }, this.bar, this.cancel, this.words);
    this.list = h("div", { class: "al-kinds" }, ...this.buttons.map(([, button]) => button), this.making);
    this.element = h("details", { class: "al-takehome" }, h("summary", {}, "Take it home"), this.list);
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.close());
    this.onPress = (event) => this.element.contains(event.target) || this.close();
    document.addEventListener("pointerdown", this.onPress);
  }

  remove() {
    document.removeEventListener("pointerdown", this.onPress);
  }

  close() {
    if (!this.element.open || this.abort) return; // what is being made stays in sight
    this.element.open = false;
    this.words.textContent = "";
    if (this.element.contains(document.activeElement)) this.element.firstChild.focus();
  }

  /** Offer what is shown can be taken home as: one run as all, several as pictures, unless the page names less. */
  offer({ options }, several) {
    const kinds = options.take ?? (several ? PICTURES : KINDS.map(({ kind }) => kind));
    this.element.hidden = kinds.length === 0;
    for (const [kind, button] of this.buttons) button.hidden = !kinds.includes(kind);
  }

  async take({ kind, label, make }) {
    this.abort = new AbortController();
    this.bar.removeAttribute("value"); // until something is known of its progress
    this.state(`Making the ${label.toLowerCase()}…`, true);
    try {
      const blob = await make(this.player, (part) => (this.bar.value = part), this.abort.signal, kind);
      this.abort.signal.throwIfAborted();
      save(blob, `${nameOf(this.player)}.${kind}`);
      this.state(`Saved as ${nameOf(this.player)}.${kind}.`, false);
    } catch (error) {
      this.state(error.name === "AbortError" ? "Cancelled; nothing was saved." : error.message, false);
    }
    this.abort = null;
  }

  state(words, busy) {
    this.words.textContent = words;
    this.making.classList.toggle("al-busy", busy);
    for (const [, button] of this.buttons) button.disabled = busy;
  }
}

/** A file of this run that the server makes: {kind} of the run's link, with the charts and the playhead of the screen. */
async function fetched(player, _, signal, kind) {
  if (player.payload.header.options?.offline) return embedded();
  return answered(await fetch(address(player, kind), { signal }).catch(lost));
}

/** A page that plays offline carries its table with it. */
function embedded() {
  const packed = Uint8Array.from(
    atob(document.getElementById("adamax-table").textContent),
    (letter) => letter.charCodeAt(0),
  );
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).blob();
}

/** All files in one: the server's own and the pictures made here. */
async function everything(player, onProgress, signal, kind) {
  const form = new FormData();
  const made = {
    svg: svgBlob,
    png: pngPicture,
    gif: (p) => gifFilm(p, (part) => onProgress(0.1 + 0.7 * part), signal),
  };
  for (const [name, make] of Object.entries(made)) {
    form.append(name, await make(player));
    signal.throwIfAborted();
  }
  onProgress(0.85);
  return answered(await fetch(address(player, kind), { method: "POST", body: form, signal }).catch(lost));
}

function address({ payload: { header }, transport }, kind) {
  const panels = header.panels.map((panel) => panel.key).join();
  return `${base()}/take/run.${kind}?${header.query}&panels=${panels}&step=${Math.floor(transport.position)}`;
}

function lost(error) {
  if (error.name === "AbortError") throw error;
  throw new Error("The server did not answer; the run is still here. Try again in a moment.");
}

async function answered(response) {
  if (!response.ok) throw new Error((await response.text()) || "The server could not make this file; try again.");
  return response.blob();
}

function nameOf({ payload: { header } }) {
  const params = new URLSearchParams(header.query);
  return `adamax-${params.get("effect") ?? params.get("surface") ?? "run"}`;
}

function save(blob, name) {
  const link = h("a", { href: URL.createObjectURL(blob), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
