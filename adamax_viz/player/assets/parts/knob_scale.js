// Where a knob's slider stands for a value, which value it stands for, and the next one by a key.

import { clamp, format } from "../base/format.js";

/** @import { Knob } from "../base/types.js" */

export const TICKS = 1000; // positions of a slider
const PER_DECADE = 50; // presses of a key

/** @type {(knob: Knob, value: number) => number} the slider's position, 0 to `TICKS`, for a value */
export function toPosition({ kind, low, high }, value) {
  let part = (value - low) / (high - low);
  if (kind === "log") part = Math.log(Math.max(value, low) / low) / Math.log(high / low);
  if (kind === "decay") part = Math.log(Math.max(1 - value, 1 - high) / (1 - low)) / Math.log((1 - high) / (1 - low));
  return Math.round(clamp(part, 0, 1) * TICKS);
}

/** @type {(knob: Knob, position: number) => number} the value, as short as people would write it, at a position */
export function fromPosition({ kind, low, high, step }, position) {
  const part = position / TICKS;
  if (kind === "log") return Number((low * (high / low) ** part).toPrecision(3));
  if (kind === "decay") return oneMinus((1 - low) * ((1 - high) / (1 - low)) ** part);
  const value = low + part * (high - low);
  if (kind === "whole") return Math.round(value);
  return Number(clamp(Math.round(value / step) * step, low, high).toPrecision(6));
}

/** @type {(knob: Knob, value: number, presses: number) => number} so many presses of an arrow key away, in range */
export function pressed({ kind, low, high, step }, value, presses) {
  const next = {
    log: () => Number((value * 10 ** (presses / PER_DECADE)).toPrecision(3)),
    decay: () => oneMinus((1 - value) * 10 ** (-presses / PER_DECADE)),
    whole: () => value + presses,
    linear: () => Number((value + presses * step).toPrecision(6)),
  }[kind]();
  return clamp(next, low, high);
}

/** @param {number} rest taken from 1, with two digits of it: 0.999, 0.9985, 0.99992 */
export function oneMinus(rest) {
  const digits = Math.max(2, 1 - Math.floor(Math.log10(rest)) + 1);
  return Number((1 - Number(rest.toPrecision(2))).toFixed(digits));
}

/** @type {(text: string) => number | string} what a person typed, comma or real minus sign or not; or why it is none */
export function typed(text) {
  const plain = text.trim().replace("−", "-").replace(",", ".");
  if (plain === "") return "The field is empty";
  const value = Number(plain);
  if (Number.isFinite(value)) return value;
  return `“${text}” is ${Number.isNaN(value) ? "not a number" : value > 0 ? "too large" : "too small"}`;
}

/** @type {(knob: Knob, value: number) => [number, string]} the one that a knob takes, and what is said if it is another */
export function bounded({ kind, least, most, label }, value) {
  const [low, high] = [least ?? -Infinity, most ?? Infinity];
  const wanted = kind === "whole" ? Math.round(value) : value;
  const kept = clamp(wanted, low, high);
  const [from, to] = [low, high].map((bound) => Number.isFinite(bound) ? bound : format(bound));
  return [kept, kept === wanted ? "" : `${label} was set to ${kept}: it goes from ${from} to ${to}.`];
}
