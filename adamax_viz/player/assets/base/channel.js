// Requests to Python: one in flight at a time, later ones merged, the last value always sent.
//
// Where the page says so, what moves under a thumb is asked of the server directly (`/live`): the same payload without
// a rerun of the page. The session learns of it when the hand rests or leaves, so that link and sidebar follow.

import { base } from "./plotly.js";

/**
 * @import { Fields } from "./types.js"
 *
 * @typedef {{fields: Fields, final: boolean}} Request
 * @typedef {{query: string, panels: string[] | null, target: string | null}} Live what direct requests start from
 */

const SAVE_AFTER = 1200; // milliseconds of rest before the session is told
const LOST_AFTER = 5000; // an answer that never came (a lost connection) must not lock the controls for ever
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
  /** @type {{sequence: number, fields: Fields, at: number} | null} what it was told and has not answered */
  sent = null;
  inFlight = false;
  moved = false;
  saving = 0; // a timer

  /** @param {(bytes: Uint8Array<ArrayBuffer>, sequence: number) => Promise<void>} [onPayload] takes direct answers */
  constructor(onPayload = () => Promise.resolve()) {
    this.onPayload = onPayload;
  }

  /** @type {(fields: Fields, final: boolean) => void} other settings; `final` ones go into the link */
  request(fields, final) {
    const direct = this.live !== null && !Object.keys(fields).some((name) => OF_THE_PAGE.has(name));
    if (direct && "surface_step" in fields) this.surface.surface_step = fields.surface_step;
    else {
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
    if (this.inFlight || !this.moved || !this.live) return;
    this.inFlight = true;
    this.moved = false;
    const sequence = ++this.sequence;
    try {
      const answer = await fetch(this.address(this.live), { signal: AbortSignal.timeout(LOST_AFTER) });
      if (!answer.ok || answer.headers.get("content-type")?.startsWith("text/")) throw new Error("refused");
      const bytes = new Uint8Array(await answer.arrayBuffer());
      // Meanwhile the thumb may have moved on: its newest place is asked for while this answer is drawn.
      this.inFlight = false;
      this.ask();
      await this.onPayload(bytes, sequence);
    } catch {
      this.inFlight = false;
      if (this.pending) this.flush(); // the session says what is wrong with it
    }
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
    if (!this.pending) return;
    if (this.sent && performance.now() - this.sent.at < LOST_AFTER) return;
    const message = { ...this.pending, sequence: ++this.sequence };
    this.sent = { sequence: message.sequence, fields: message.fields, at: performance.now() };
    this.pending = null;
    this.send(message);
  }

  /** @param {number} sequence of the last request that the session has answered */
  answered(sequence) {
    this.sequence = Math.max(this.sequence, sequence); // a player drawn anew goes on counting
    if (this.sent && sequence >= this.sent.sequence) this.sent = null;
    if (!this.pending) return;
    if (!this.live) this.flush();
    else if (this.pending.final) this.saveLater();
  }

  /** Whether the thumb is further than the session's answers. */
  get ahead() {
    return this.live !== null && (this.moved || this.inFlight || this.pending !== null);
  }

  get busy() {
    return this.sent !== null || this.pending !== null || this.inFlight || this.moved;
  }
}
