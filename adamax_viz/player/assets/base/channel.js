// Requests to Python: one in flight at a time, later ones merged, the last value always sent.
//
// Where the page says so, what moves under a thumb is asked of the server directly (`/live`): the same payload without
// a rerun of the page. The session learns of it when the hand rests or leaves, so that link and sidebar follow.
//
// Whoever does not answer is asked again: nothing that was moved is lost when a server stops, and another one that takes
// its place is told what the one before had not kept.

import { ask } from "./direct.js";
import { base } from "./plotly.js";
import { Silence } from "./silence.js";

/**
 * @import { Fields } from "./types.js"
 *
 * @typedef {{fields: Fields, final: boolean}} Request
 * @typedef {{query: string, panels: string[] | null, target: string | null}} Live what direct requests start from
 */

const SAVE_AFTER = 1200; // milliseconds of rest before the session is told
const SPREAD = 0.5; // part of a wait that is left to chance, so that a class does not come back all at once
const LOST_AFTER = 5000; // milliseconds; an answer that never came must not lock the controls for ever
const OF_THE_PAGE = new Set(["panels", "need", "present", "scene", "answer"]); // fields that only the session can answer

export class Channel {
  /** @type {(message: Request & {sequence: number}) => void} to the session */
  send = () => {};
  sequence = 0;
  /** @type {Live | null} null where only the session answers */
  live = null;
  /** @type {Fields} `have`, which surface is known, and `surface_step`, at which step it is wanted */
  surface = {};
  /** @type {Request | null} what the session has not been told */
  pending = null;
  /** @type {Request & {sequence: number} | null} what it was told and has not answered */
  sent = null;
  session = ""; // which one has answered last
  connected = true; // whether there is one
  looking = false; // whether a surface is wanted at another step
  inFlight = false;
  closed = false; // the player has left the page
  moved = false;
  saving = 0; // timers: the session is told soon,
  losing = 0; // does not answer,
  asking = 0; // and the server is asked again
  wait = 0; // milliseconds that a session gets beyond the usual

  /**
   * @param {(bytes: Uint8Array<ArrayBuffer>, sequence: number) => Promise<void>} [onPayload] takes direct answers
   * @param {(words: string) => void} [say] that nobody answers
   */
  constructor(onPayload = () => Promise.resolve(), say = () => {}) {
    this.onPayload = onPayload;
    this.silence = new Silence(say);
  }

  /** @type {(fields: Fields, final: boolean) => void} other settings; `final` ones go into the link */
  request(fields, final) {
    const direct = this.live !== null && !Object.keys(fields).some((name) => OF_THE_PAGE.has(name));
    if (direct && "surface_step" in fields) {
      this.surface.surface_step = fields.surface_step;
      this.looking = true;
    } else {
      const before = this.pending;
      this.pending = { fields: { ...before?.fields, ...fields }, final: final || (before?.final ?? false) };
    }
    if (!direct) {
      this.flush();
      return;
    }
    this.moved = true;
    this.ask();
    if (this.pending?.final) this.saveLater();
  }

  saveLater() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.flush(), SAVE_AFTER);
  }

  /** The hand leaves the player, perhaps for the sidebar or the address: the session must know by then. */
  leave() {
    if (this.pending?.final) this.flush();
  }

  /** One direct request, if none is under way; whatever moved meanwhile is asked next. */
  async ask() {
    if (this.closed || this.inFlight || this.asking || !this.moved || !this.live) return;
    this.inFlight = true;
    this.moved = false;
    const sequence = ++this.sequence;
    const { bytes, refused, words, seconds } = await ask(this.address(this.live), LOST_AFTER);
    this.inFlight = false;
    if (this.closed) return;
    if (bytes) {
      this.silence.over("server");
      this.looking = false;
      this.ask(); // meanwhile the thumb may have moved on: its newest place is asked for while this answer is drawn
      try {
        await this.onPayload(bytes, sequence);
      } catch {
        this.flush(); // the session's answer may be one that can be taken
      }
    } else if (refused) {
      this.silence.over("server");
      this.looking = false;
      this.flush(); // the session says what is wrong with it
    } else if (this.unsaid || this.looking) {
      const wait = this.silence.of("server", words);
      this.moved = true;
      const least = Math.max(wait, (seconds ?? 0) * 1000);
      this.asking = setTimeout(() => this.askNow(), least * (1 + SPREAD * Math.random()));
    }
  }

  /** What the session has answered nobody else needs to. */
  rest() {
    clearTimeout(this.asking);
    this.asking = 0;
    this.moved = false;
    this.silence.over("server");
  }

  askNow() {
    clearTimeout(this.asking);
    this.asking = 0;
    this.ask();
  }

  /** @param {Live} live */
  address({ query, panels, target }) {
    const moved = Object.entries({ ...this.sent?.fields, ...this.pending?.fields });
    const change = Object.fromEntries(moved.filter(([name]) => !OF_THE_PAGE.has(name)));
    const params = new URLSearchParams(query);
    params.set("change", JSON.stringify(change));
    if (target) params.set("target", target);
    if (panels) params.set("panels", panels.join(","));
    for (const [name, value] of Object.entries(this.surface)) params.set(name, String(value));
    return `${base()}/live?${params}`;
  }

  /** Tell the session what has changed. */
  flush() {
    clearTimeout(this.saving);
    if (!this.pending || this.sent || !this.connected) return;
    this.sent = { ...this.pending, sequence: ++this.sequence };
    this.pending = null;
    this.losing = setTimeout(() => this.lose(), LOST_AFTER + this.wait);
    this.send(this.sent);
  }

  /** The session does not answer: it is told again, after a while that grows. */
  lose() {
    this.wait = this.silence.of("session");
    this.takeBack();
    this.flush();
  }

  /** What was told and not answered is to be told again; what moved since counts. */
  takeBack() {
    clearTimeout(this.losing);
    this.pending = this.unsaid;
    this.sent = null;
  }

  /** @param {boolean} connected the page has lost its session; or it has one again, which will show itself */
  connect(connected) {
    if (connected) {
      this.silence.over("connection");
      this.losing = setTimeout(() => this.resume(), LOST_AFTER);
    } else {
      this.connected = false;
      this.silence.of("connection");
      this.takeBack();
    }
  }

  resume() {
    this.connected = true;
    this.flush();
  }

  /** @type {(sequence: number, session?: string) => void} the last request that a session has answered */
  answered(sequence, session = this.session) {
    this.sequence = Math.max(this.sequence, sequence); // a player drawn anew goes on counting
    this.connected = true;
    this.silence.over("session");
    if (session !== this.session) this.takeBack(); // it does not know what the one before was told
    this.session = session;
    if (this.sent && sequence >= this.sent.sequence) this.sent = null;
    if (!this.sent) {
      clearTimeout(this.losing);
      this.wait = 0;
    }
    if (!this.unsaid && !this.looking) this.rest();
    else if (this.asking) this.askNow();
    if (!this.pending) return;
    if (!this.live) this.flush();
    else if (this.pending.final) this.saveLater();
  }

  /** @returns {Request | null} what the session has not answered */
  get unsaid() {
    const { sent, pending } = this;
    const final = (sent?.final ?? false) || (pending?.final ?? false);
    return sent || pending ? { fields: { ...sent?.fields, ...pending?.fields }, final } : null;
  }

  /** The player leaves the page: the session is told, and nobody asked again. */
  close() {
    this.flush();
    this.closed = true;
    for (const timer of [this.losing, this.asking]) clearTimeout(timer);
    this.silence.end();
  }

  /** Whether the thumb is further than the session's answers. */
  get ahead() {
    return this.live !== null && (this.moved || this.pending !== null || (this.inFlight && this.sent !== null));
  }

  get busy() {
    return this.sent !== null || this.pending !== null || this.inFlight || this.moved;
  }
}
