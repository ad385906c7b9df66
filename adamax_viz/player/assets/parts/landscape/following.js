// A surface that moves is shown as it is at the playhead's step.

import { embeddedSurface } from "../../take/snapshots.js";

/** @import { Views } from "./views.js" */

const EVERY = 350; // milliseconds between pictures of it
const SOON = 50;

export class Follower {
  asked = -Infinity; // when a surface was asked for
  later = 0;

  /** @param {Views} views */
  constructor(views) {
    this.views = views;
  }

  /** @param {number} step whose surface is asked for as soon as Python is free */
  draw(step) {
    const { root, channel, payload, run: { surface } } = this.views.scene;
    if (step === surface.t) return;
    if (payload.header.options.offline) {
      const nearest = embeddedSurface(payload, step);
      if (nearest && nearest !== surface) this.views.follow(nearest);
      return;
    }
    clearTimeout(this.later);
    const wait = EVERY - (performance.now() - this.asked);
    if (wait > 0 || channel.busy) {
      this.later = setTimeout(() => root.element.isConnected && root.draw(), Math.max(wait, SOON));
      return;
    }
    this.asked = performance.now();
    channel.request({ surface_step: step }, false);
  }

  remove() {
    clearTimeout(this.later);
  }
}
