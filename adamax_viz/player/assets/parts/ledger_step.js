// What the ledger says of a step: its name, which rows rest, and numbers as they stand in a formula.

import { format } from "../base/format.js";

/** @import { LedgerRow, Run } from "../base/types.js" */

/** @type {(when: LedgerRow["when"], run: Run, step: number) => boolean} whether a row's stage does not act at a step */
export function rests(when, run, step) {
  if (when === "always") return false;
  return { update: !run.isUpdate(step), overwrite: !run.isOverwrite(step), applied: run.isSkipped(step) }[when];
}

/** @type {(value: number, before?: string | null) => string} in brackets where a minus would follow a sign before it */
export function operand(value, before) {
  const text = format(value, 5);
  return value < 0 && before && "−+·".includes(before) ? `(${text})` : text;
}

/** @type {(run: Run, step: number) => string} which step it is, and whose */
export function nameOf({ windows, steps, isUpdate, update, letter, label }, step) {
  const whose = letter ? `${letter}, ${label}, ` : "";
  if (windows <= 1) return `${whose}step ${step}${step === steps - 1 ? ", the last" : ""}`;
  const part = isUpdate(step) ? `update ${update(step)}` : `on the way to update ${update(step)}`;
  return `${whose}micro-step ${step}, ${part}`;
}
