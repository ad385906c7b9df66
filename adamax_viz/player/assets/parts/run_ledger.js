// The ledger of the run in hand.

import { paced } from "../base/pace.js";
import { Ledger } from "./ledger.js";

/** @import { Runs } from "../scenes/runs.js" */

const EVERY = 100; // milliseconds: while it plays nobody reads sixty tables a second

export class RunLedger {
  ledger = new Ledger();
  element = this.ledger.element;
  isDue = paced(EVERY);

  /** @param {Runs} scene */
  constructor({ transport }) {
    this.transport = transport;
  }

  /** @param {Runs} scene */
  take({ run }) {
    this.ledger.take(run);
  }

  /** @type {(position: number, step: number) => void} */
  draw(_, step) {
    if (this.isDue(this.transport.playing)) this.ledger.draw(Math.min(step, this.ledger.run.steps - 1));
  }
}
