// @ts-check
// What the runs did, in the sentences that Python computed from them.

import { h } from "../base/dom.js";

/** @import { SurfaceRun } from "../base/types.js" */

export class Words {
  constructor() {
    this.element = h("div", { class: "al-words", role: "status" });
    this.signature = "";
  }

  /**
   * Of one run its diagnosis and summary; of several what to look at, what they show, and what the one in hand did.
   * @param {{line: string, sentences: string[]}} header
   * @param {SurfaceRun} run
   * @param {boolean} several
   */
  take({ line, sentences }, run, several) {
    const { letter, diagnosis, summary } = run;
    const signature = JSON.stringify([line, sentences, letter, diagnosis, summary]);
    if (signature === this.signature) return;
    this.signature = signature;
    const quiet = (/** @type {string} */ text) => h("p", { class: "al-summary" }, text);
    const all = sentences.length
      ? [h("ul", { class: "al-sentences" }, ...sentences.map((one) => h("li", {}, one)))]
      : [];
    const lines = line ? [quiet(line)] : [];
    const own = several
      ? [quiet(`${letter}: ${[...diagnosis, summary].join(" ")}`)]
      : [h("p", { class: "al-diagnosis" }, diagnosis.join(" ")), quiet(summary)];
    this.element.replaceChildren(...lines, ...all, ...own);
  }
}
