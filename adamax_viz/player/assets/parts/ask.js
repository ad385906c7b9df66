// A prediction by a click: where will the run be? Afterwards guess and truth stand side by side.

import { h } from "../base/dom.js";
import { clamp, format } from "../base/format.js";
import { movedByKey, placeAt } from "./landscape/start.js";

/** @import { Ask as Question, Mapping, Pair, Pen, Theme } from "../base/types.js" */
/** @import { Landscape } from "./landscape/landscape.js" */

export class Ask {
  /** @type {Question | null} */
  ask = null;
  /** @type {Pair | null} where the cross stands */
  at = null;

  /**
   * @param {Landscape} landscape
   * @param {(point: Pair) => void} onAnswer when a place is chosen, by a click or by the cross and Enter
   */
  constructor(landscape, onAnswer) {
    this.landscape = landscape;
    this.onAnswer = onAnswer;
    this.cross = h("button", {
      type: "button",
      class: "al-cross",
      hidden: true,
      title: "Click where you think it goes",
      "aria-label": "Your guess: click on the landscape, or move this cross with the arrow keys and press Enter",
      onkeydown: (event) => this.move(event),
    });
    landscape.stage.append(this.cross);
    landscape.marks = (context, at, theme) => this.draw(context, at, theme);
    landscape.onPlace = () => this.place();
  }

  /** @param {Question | null} ask */
  take(ask) {
    this.ask = ask?.kind === "point" ? ask : null;
    const open = this.ask !== null && this.ask.answer === undefined;
    this.landscape.onGuess = open ? (point) => this.answer(point) : null;
    this.landscape.stage.classList.toggle("al-guessing", open);
    this.cross.hidden = !open;
    this.at = open ? (this.at ?? this.landscape.start.point) : null;
    if (open) this.place();
  }

  /** @param {Pair} point */
  answer(point) {
    this.at = point;
    this.place();
    this.landscape.onGuess = null;
    this.onAnswer(point);
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    if (!this.at) return;
    const moved = movedByKey(event, this.at, this.landscape.graph.window);
    if (!moved && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (!moved) {
      this.landscape.onGuess?.(this.at);
      return;
    }
    this.at = moved;
    this.place();
  }

  /** The cross stays on its place when the picture is zoomed. */
  place() {
    if (!this.at || !this.landscape.ready) return;
    placeAt(this.cross, this.at, this.landscape.graph.mapping());
  }

  /**
   * Guess, truth, and how far they are apart.
   * @param {Pen} context
   * @param {Mapping} at
   * @param {Theme} theme
   */
  draw(context, at, theme) {
    const { answer, truth } = this.ask ?? {};
    if (!answer || !truth) return;
    const [gx, gy] = [at.x(answer[0]), at.y(answer[1])];
    const [tx, ty] = [at.x(truth[0]), at.y(truth[1])];
    const distance = Math.hypot(truth[0] - answer[0], truth[1] - answer[1]);
    context.strokeStyle = context.fillStyle = theme.minimum;
    context.lineWidth = 2;
    context.setLineDash([5, 4]);
    context.beginPath();
    context.moveTo(gx, gy);
    context.lineTo(tx, ty);
    context.stroke();
    context.setLineDash([]);
    context.beginPath();
    for (const [dx, dy] of [[7, 7], [7, -7]]) {
      context.moveTo(gx - dx, gy - dy);
      context.lineTo(gx + dx, gy + dy);
    }
    context.stroke();
    context.beginPath();
    context.arc(tx, ty, 9, 0, 2 * Math.PI);
    context.stroke();
    label(context, theme, `your guess, ${format(distance, 2)} away`, [gx, gy + (gy < at.top + 40 ? 22 : -16)], at);
  }
}

/**
 * @param {Pen} context
 * @param {Theme} theme
 * @param {string} text
 * @param {Pair} place
 * @param {Mapping} at
 */
function label(context, theme, text, [x, y], at) {
  context.font = `600 13px ${theme.font}`;
  const width = context.measureText(text).width;
  const left = clamp(x - width / 2, at.left + 4, at.left + at.width - width - 4);
  context.globalAlpha = 0.85;
  context.fillStyle = theme.background;
  context.fillRect(left - 4, y - 11, width + 8, 18);
  context.globalAlpha = 1;
  context.fillStyle = theme.minimum;
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.fillText(text, left, y - 1);
}
