// A surface that moves is shown as it is at the playhead's step.

import { embeddedSurface } from "../take/snapshots.js";

/** @import { Surface } from "../base/types.js" */

const EVERY = 350; // milliseconds between pictures of it
const SOON = 50;

export class Follower {
  /**
   * @param {import("./root.js").Root} root
   * @param {(surface: Surface) => void} onSurface when one came with the page
   */
  constructor(root, onSurface) {
    this.root = root;
    this.onSurface = onSurface;
    this.asked = -Infinity; // when a surface was asked for
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.later = undefined;
  }

  /**
   * Ask for the surface at a step: now, or as soon as Python is free.
   * @param {number} step
   * @param {Surface} surface the one that is shown
   */
  draw(step, surface) {
    const { channel, payload } = this.root;
    if (step === surface.t) return;
    if (payload.header.options.offline) {
      const nearest = embeddedSurface(payload, step);
      if (nearest && nearest !== surface) this.onSurface(nearest);
      return;
    }
    clearTimeout(this.later);
    const wait = EVERY - (performance.now() - this.asked);
    if (wait > 0 || channel.busy) {
      this.later = setTimeout(() => this.root.element.isConnected && this.root.draw(), Math.max(wait, SOON));
      return;
    }
    this.asked = performance.now();
    channel.request({ surface_step: step }, false);
  }

  remove() {
    clearTimeout(this.later);
  }
}
