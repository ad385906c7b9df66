// What the ledger says of a step: its name, which rows rest, and numbers as they stand in a formula.

import { format } from "../base/format.js";

/** @import { LedgerRow, Run } from "../base/types.js" */

/**
 * Whether a row rests: its stage does not act at every step.
 * @type {(when: LedgerRow["when"], run: Pick<Run, "isUpdate" | "isOverwrite" | "isSkipped">, step: number) => boolean}
 */
export function rests(when, run, step) {
  if (when === "always") return false;
  return { update: !run.isUpdate(step), overwrite: !run.isOverwrite(step), applied: run.isSkipped(step) }[when];
}

/**
 * A number in a formula; in brackets where a minus of its own would follow a sign.
 * @type {(value: number, before: string | undefined) => string}
 */
export function operand(value, before) {
  const text = format(value, 5);
  return value < 0 && before && "−+·".includes(before) ? `(${text})` : text;
}

/**
 * Which step it is, and whose.
 * @type {(run: Pick<Run, "windows" | "steps" | "isUpdate" | "update" | "letter" | "label">, step: number) => string}
 */
export function nameOf({ windows, steps, isUpdate, update, letter, label }, step) {
  const whose = letter ? `${letter}, ${label}, ` : "";
  if (windows <= 1) return `${whose}step ${step}${step === steps - 1 ? ", the last" : ""}`;
  const part = isUpdate(step) ? `update ${update(step)}` : `on the way to update ${update(step)}`;
  return `${whose}micro-step ${step}, ${part}`;
}
