// A surface that moves is shown as it is at the playhead's step.

import { embeddedSurface } from "../../take/snapshots.js";

/**
 * @import { Surface } from "../../base/types.js"
 * @import { Root } from "../../scenes/root.js"
 */

const EVERY = 350; // milliseconds between pictures of it
const SOON = 50;

export class Follower {
  asked = -Infinity; // when a surface was asked for
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  later = undefined;

  /**
   * @param {Root} root
   * @param {(surface: Surface) => void} onSurface when one came with the page
   */
  constructor(root, onSurface) {
    this.root = root;
    this.onSurface = onSurface;
  }

  /** @type {(step: number, surface: Surface) => void} the surface at a step is asked for as soon as Python is free */
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
