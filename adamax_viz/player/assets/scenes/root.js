// The component: takes what Python sends, keeps what all scenes share, and shows the scene that the header names.

import { isOutdated, leaveAt, loadAnew, placeBefore } from "../base/again.js";
import { Channel } from "../base/channel.js";
import { watchConnection } from "../base/connection.js";
import { h } from "../base/dom.js";
import { decode } from "../base/payload.js";
import { loadPlotly } from "../base/plotly.js";
import { makeSurface } from "../base/run.js";
import { applyTheme, readTheme } from "../base/theme.js";
import { Knobs } from "../parts/knobs.js";
import { Transport } from "../parts/transport.js";

/**
 * @import { Place } from "../base/again.js"
 * @import { Call, CommonHeader, Fields, Pair, Payload, Surface, Theme } from "../base/types.js"
 *
 * @typedef {object} Scene what the root asks of a scene; its constructor is given the root
 * @property {string} name a class of the root's element
 * @property {(fields: Fields, final: boolean) => void} [onKnob] when a knob moves; otherwise Python is asked
 * @property {() => HTMLElement[]} build its elements, below knobs and complaints
 * @property {(payload: Payload, surface: any) => void | Promise<void>} take `surface` is null where there is none
 * @property {() => void} draw
 * @property {() => void} [resize] to another width
 * @property {() => void} [remove]
 * @property {(event: KeyboardEvent) => void} [key]
 * @property {() => Record<string, unknown>} state its part of `Player.state`
 * @property {(point: Pair) => Pair | null} [pixel]
 *
 * @typedef {object} Player what a page finds as `player` on the component's parent element
 * @property {() => Record<string, any>} state what is shown, as plain values: kind, query, step, steps, playing,
 *     session, answered (the last request in the picture), busy (whether Python has been asked for more), and the
 *     scene's own
 * @property {(step: number) => void} jump to a step
 * @property {(point: Pair) => Pair | null} pixel where a point of the landscape lies on the page
 * @property {(fields: Fields, final?: boolean) => void} change ask for other settings, as a knob does
 * @property {() => void} rest tell the session at once what has changed
 */

// A page loads the scene it shows, and Plotly beside it.
const SCENES = {
  /** @param {Root} root */
  async runs(root) {
    const [{ Runs }] = await Promise.all([import("./runs.js"), loadPlotly()]);
    return new Runs(root);
  },
  /** @param {Root} root */
  training: async (root) => new (await import("./training.js")).Training(root),
  /** @param {Root} root */
  norms: async (root) => new (await import("./norms.js")).Norms(root),
};
const KEPT_SURFACES = 40;
/** @type {Map<string, Surface>} by key, for as long as the page lives: Python sends each only once */
const surfaces = new Map();

export class Root {
  /** @type {Payload} what is shown */
  payload;
  /** @type {Uint8Array | undefined} what the session sent last */
  data = undefined;
  /** @type {Scene | undefined} */
  scene = undefined;
  /** @type {CommonHeader["kind"] | undefined} */
  kind = undefined;
  /** @type {Theme} */
  theme;
  /** @type {string | null} what is shown, as the session says */
  query = null;
  /** @type {number | null} where the playhead is to stand */
  step = null;
  turn = 0; // counts pictures: a later one overtakes
  frames = 0; // that were drawn
  notice = h("div", { class: "al-notice", role: "alert" });
  silence = h("p", { class: "al-silence", role: "status" });
  element = h("div", { class: "al-player", "data-state": "loading" });
  observer = new ResizeObserver(() => this.element.isConnected && this.scene?.resize?.());
  gone = new AbortController();

  /** @param {HTMLElement} parent */
  constructor(parent) {
    this.channel = new Channel(
      (bytes, sequence) => this.takeLive(bytes, sequence),
      (words) => this.silence.textContent = words,
    );
    this.transport = new Transport(() => this.draw());
    this.knobs = new Knobs((fields, final) =>
      this.scene?.onKnob ? this.scene.onKnob(fields, final) : this.channel.request(fields, final)
    );
    parent.style.container = "player / inline-size"; // its width decides how the player is laid out
    parent.append(this.element);
    this.observer.observe(this.element);
    this.element.addEventListener("resize", () => this.element.isConnected && this.draw()); // of a canvas
    const { signal } = this.gone;
    watchConnection((connected) => this.channel.connect(connected), signal);
    const onLeave = () => this.channel.leave();
    document.addEventListener("keydown", (event) => this.scene?.key?.(event), { signal });
    window.addEventListener("blur", onLeave, { signal });
    this.element.addEventListener("pointerleave", onLeave);
    this.element.addEventListener(
      "focusout",
      ({ relatedTarget }) => this.element.contains(/** @type {Node | null} */ (relatedTarget)) || onLeave(),
    );
  }

  /** @param {Call} call new data of the session, or a new theme */
  async receive({ data, setTriggerValue }) {
    this.channel.send = (message) => setTriggerValue("request", message);
    if (data && data !== this.data) {
      this.data = data;
      const payload = decode(data);
      const { header } = payload;
      keep(payload);
      this.channel.live = header.live && header.kind === "runs"
        ? { query: header.query, panels: header.chosen, target: header.target }
        : null;
      if (this.query === null) this.takeOver(placeBefore(header.query, header.session));
      this.query = header.query;
      this.channel.answered(header.answered, header.session);
      if (isOutdated(header.version) && !this.channel.busy && loadAnew(this.place)) return;
      if (this.element.dataset.state === "ready" && this.channel.ahead) {
        // The thumb has moved on: what it shows now is asked for anew, on top of what the session says.
        this.complain(header);
        this.channel.moved = true;
        this.channel.ask();
        return;
      }
      this.payload = payload;
    }
    if (this.payload) await this.refresh();
  }

  /** @type {(bytes: Uint8Array<ArrayBuffer>, sequence: number) => Promise<void>} the server's direct answer */
  async takeLive(bytes, sequence) {
    const payload = decode(bytes);
    keep(payload);
    const { options, locked } = this.payload.header;
    Object.assign(payload.header, { answered: sequence, complaints: [], options, locked });
    this.payload = payload;
    await this.refresh();
  }

  /** Show the payload, once surface and Plotly are there. */
  async refresh() {
    const { header } = this.payload;
    /** @type {CommonHeader["kind"]} */
    const kind = header.kind;
    const key = header.surface?.key;
    const surface = key === undefined ? null : surfaces.get(key);
    if (surface === undefined) {
      this.channel.request({ need: key }, false);
      return;
    }
    this.channel.surface.have = key;
    const turn = (this.turn += 1);
    /** @type {Scene} */
    let scene;
    try {
      scene = kind === this.kind && this.scene || await SCENES[kind](this);
    } catch (error) {
      this.element.replaceChildren(this.notice);
      this.notice.textContent = error instanceof Error ? error.message : String(error);
      return;
    }
    if (turn !== this.turn || !this.element.isConnected) {
      if (scene !== this.scene) scene.remove?.();
      return;
    }
    if (scene !== this.scene) {
      this.scene?.remove?.();
      this.kind = kind;
      this.scene = scene;
      this.element.className = `al-player ${scene.name}`;
      this.element.replaceChildren(
        this.knobs.element,
        this.knobs.note,
        this.silence,
        this.notice,
        ...scene.build(),
      );
    }
    await this.take(scene, surface);
  }

  /** @type {(scene: Scene, surface: Surface | null) => Promise<void>} */
  async take(scene, surface) {
    const { element, knobs } = this;
    /** @type {CommonHeader} */
    const header = this.payload.header;
    this.theme = readTheme(element, header.tokens);
    applyTheme(element, this.theme);
    if (header.options.offline) this.channel.request = () => {};
    knobs.take(header.knobs, (name) => this.isLocked(name));
    this.complain(header);
    await scene.take(this.payload, surface);
    if (this.step !== null) this.transport.jump(this.step);
    this.step = null;
    // For whoever waits for a picture: which request it answers, and that it is painted.
    element.dataset.state = "ready";
    element.dataset.answered = String(header.answered);
    element.dataset.query = header.query;
  }

  /** @param {string} name of a knob that can't be moved, or the start */
  isLocked(name) {
    const { locked } = this.payload.header;
    return locked.includes("all") || locked.includes(name);
  }

  /** @param {CommonHeader} header */
  complain({ complaints }) {
    this.notice.replaceChildren(...complaints.map((text) => h("p", {}, text)));
  }

  draw() {
    if (!this.scene) return;
    this.scene.draw();
    this.frames += 1;
  }

  /** Where the playhead stands, of what; and what is still to be told. */
  get place() {
    const { query, channel: { session, unsaid }, step, transport } = this;
    return { query: query ?? "", session, step: step ?? transport.position, unsaid };
  }

  /** @param {Place | null} before of a player of the same that had to go */
  takeOver(before) {
    if (!before) return;
    this.step = before.step;
    this.channel.pending = before.unsaid;
  }

  /** @returns {Player} */
  get player() {
    return {
      state: () => {
        const { kind, channel, transport, element, frames, payload } = this;
        const sent = Object.keys(payload?.arrays ?? {}); // names of the arrays that the last payload brought
        const { query, answered } = element.dataset;
        const { steps, shown: step, position, playing, loop } = transport;
        const { busy, session } = channel;
        const common = { kind, query, session, answered: Number(answered), busy, sent, frames };
        return { ...common, step, position, steps, playing, loop, ...this.scene?.state() };
      },
      jump: (step) => this.transport.jump(step),
      pixel: (point) => this.scene?.pixel?.(point) ?? null,
      change: (fields, final = true) => this.channel.request(fields, final),
      rest: () => this.channel.leave(),
    };
  }

  remove() {
    this.gone.abort();
    if (this.query !== null) leaveAt(this.place);
    this.channel.close();
    this.observer.disconnect();
    this.transport.pause();
    this.scene?.remove?.();
    this.element.remove();
  }
}

/** @param {Payload} payload whose surface is kept, with those last used */
function keep(payload) {
  const key = payload.header.surface?.key;
  const surface = makeSurface(payload) ?? surfaces.get(key);
  if (!surface) return;
  surfaces.delete(key);
  surfaces.set(key, surface);
  const [oldest] = surfaces.keys();
  if (surfaces.size > KEPT_SURFACES) surfaces.delete(oldest);
}

/** @type {WeakMap<HTMLElement, Root>} one for each parent element, as long as it is in the page */
const roots = new WeakMap();

/** @param {Call} call what Streamlit makes at every change of data or theme */
export default function mount(call) {
  const { parentElement } = call;
  let root = roots.get(parentElement);
  if (!root) {
    root = new Root(parentElement);
    roots.set(parentElement, root);
    Object.assign(parentElement, { player: root.player });
  }
  root.receive(call);
  return () => {
    // Streamlit also cleans up before a next call for the same element: only what left the page goes.
    requestAnimationFrame(() => {
      if (parentElement.isConnected) return;
      root.remove();
      roots.delete(parentElement);
    });
  };
}
