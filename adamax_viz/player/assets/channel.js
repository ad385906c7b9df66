// Requests to Python: one in flight at a time, later ones merged, the last value always sent.

export class Channel {
  constructor() {
    this.sequence = 0;
    this.waitingFor = null;
    this.pending = null;
    this.send = () => {};
    this.sentAt = 0;
  }

  /** Ask for other settings; `final` also puts them into the link. */
  request(fields, final) {
    this.pending = {
      fields: { ...(this.pending?.fields ?? {}), ...fields },
      final: final || (this.pending?.final ?? false),
    };
    this.flush();
  }

  flush() {
    if (!this.pending) return;
    // An answer that never came (a lost connection) must not lock the controls for ever.
    if (this.waitingFor !== null && performance.now() - this.sentAt < 5000) return;
    const message = { ...this.pending, sequence: ++this.sequence };
    this.pending = null;
    this.waitingFor = message.sequence;
    this.sentAt = performance.now();
    this.send(message);
  }

  /** Python answered up to this request. */
  answered(sequence) {
    if (this.waitingFor !== null && sequence >= this.waitingFor) this.waitingFor = null;
    this.flush();
  }

  get busy() {
    return this.waitingFor !== null || this.pending !== null;
  }
}
