// What the runs did, in the sentences that Python computed from them.

import { h } from "../base/dom.js";

/** @import { Run, RunsHeader } from "../base/types.js" */

export class Words {
  constructor() {
    this.signature = "";
    this.element = h("div", { class: "al-words", role: "status" });
  }

  /**
   * Of one run its diagnosis and summary; of several what to look at, what they show, and what the one in hand did.
   * @param {{line: string, sentences: string[]}} header
   * @param {Run} run
   * @param {boolean} several
   */
  take({ line, sentences }, run, several) {
    const { letter, diagnosis = [], summary = "" } = run;
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

/**
 * The landscape for those who can't see it; a prediction's outcome is not told beforehand.
 * @param {Pick<RunsHeader, "title" | "options">} header
 * @param {Run[]} runs
 * @param {boolean} several
 */
export function inWords({ title, options }, runs, several) {
  const asking = options.ask && options.ask.answer === undefined;
  const all = several
    ? runs.map(({ letter, label, summary }) => `${letter}, ${label}: ${summary}`).join(" ")
    : runs[0].summary;
  const paths = several ? `${runs.length} paths` : "the path";
  return `Landscape of ${title} with ${paths}.${asking ? "" : ` ${all}`}`;
}
