// What the ledger says of a step: its name, which rows rest, and numbers as they stand in a formula.

import { format } from "../base/format.js";

/** @import { LedgerRow, Run } from "../base/types.js" */

/**
 * Whether a row rests: its stage does not act at every step.
 * @param {LedgerRow["when"]} when
 * @param {Pick<Run, "isUpdate" | "isOverwrite" | "isSkipped">} run
 * @param {number} step
 */
export function rests(when, run, step) {
  switch (when) {
    case "update":
      return !run.isUpdate(step);
    case "overwrite":
      return !run.isOverwrite(step);
    case "applied":
      return run.isSkipped(step);
    default:
      return false;
  }
}

/**
 * A number in a formula; in brackets where a minus of its own would follow a sign.
 * @param {number} value
 * @param {string | undefined} before what stands in front of it
 */
export function operand(value, before) {
  const text = format(value, 5);
  return value < 0 && before && "−+·".includes(before) ? `(${text})` : text;
}

/**
 * Which step it is, and whose.
 * @param {Pick<Run, "windows" | "steps" | "isUpdate" | "update" | "letter" | "label">} run
 * @param {number} step
 */
export function nameOf({ windows, steps, isUpdate, update, letter, label }, step) {
  const whose = letter ? `${letter}, ${label}, ` : "";
  if (windows <= 1) return `${whose}step ${step}${step === steps - 1 ? ", the last" : ""}`;
  const part = isUpdate(step) ? `update ${update(step)}` : `on the way to update ${update(step)}`;
  return `${whose}micro-step ${step}, ${part}`;
}
