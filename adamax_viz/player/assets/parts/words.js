// What the runs did, in the sentences that Python computed from them.

import { h } from "../base/dom.js";
import { changes } from "../base/pace.js";
import { isOpen } from "./ask.js";

/**
 * @import { Run, RunsHeader } from "../base/types.js"
 * @import { Runs } from "../scenes/runs.js"
 */

export class Words {
  element = h("div", { class: "al-words", role: "status" });
  isNew = changes();

  /**
   * Of one run its diagnosis and summary; of several what to look at, what they show, and what the one in hand did.
   * @param {Runs} scene
   */
  take({ header: { line, sentences }, run: { letter, diagnosis = [], summary = "" }, several }) {
    if (!this.isNew([line, sentences, letter, diagnosis, summary])) return;
    const quiet = (/** @type {string} */ text) => h("p", { class: "al-summary" }, text);
    const all = h("ul", { class: "al-sentences" }, ...sentences.map((text) => h("li", {}, text)));
    const own = several
      ? [quiet(`${letter}: ${[...diagnosis, summary].join(" ")}`)]
      : [h("p", { class: "al-diagnosis" }, diagnosis.join(" ")), quiet(summary)];
    this.element.replaceChildren(...(line ? [quiet(line)] : []), ...(sentences.length ? [all] : []), ...own);
  }
}

/**
 * The landscape for those who can't see it; a prediction's outcome is not told beforehand.
 * @type {(header: RunsHeader, runs: Run[], several: boolean) => string}
 */
export function inWords({ title, options }, runs, several) {
  const all = several
    ? runs.map(({ letter, label, summary }) => `${letter}, ${label}: ${summary}`).join(" ")
    : runs[0].summary;
  const paths = several ? `${runs.length} paths` : "the path";
  return `Landscape of ${title} with ${paths}.${isOpen(options.ask) ? "" : ` ${all}`}`;
}
