// A prediction by a click: where will the run be? Afterwards guess and truth stand side by side.

import { h } from "../base/dom.js";
import { clamp, format } from "../base/format.js";
import { cross, fillBox, line, write } from "../base/plot/pen.js";
import { movedByKey, placeAt } from "./landscape/start.js";

/**
 * @import { Ask as Question, Mapping, Pair, Pen, Theme } from "../base/types.js"
 * @import { Landscape } from "./landscape/landscape.js"
 */

/** @param {Question | null} [ask] whether a prediction waits for its answer */
export function isOpen(ask) {
  return Boolean(ask && ask.answer === undefined);
}

export class Ask {
  /** @type {Question | null} */
  ask = null;
  open = false; // until a place is chosen, by a click or by the cross and Enter
  /** @type {Pair | null} where the cross stands */
  at = null;
  cross = h("button", {
    type: "button",
    class: "al-cross",
    hidden: true,
    title: "Click where you think it goes",
    "aria-label": "Your guess: click on the landscape, or move this cross with the arrow keys and press Enter",
    onkeydown: (event) => this.move(event),
  });

  /** @param {Landscape} landscape */
  constructor(landscape) {
    this.landscape = landscape;
    landscape.ask = this;
    landscape.stage.append(this.cross);
  }

  /** @param {Question | null} ask */
  take(ask) {
    this.ask = ask?.kind === "point" ? ask : null;
    this.open = isOpen(this.ask);
    this.landscape.stage.classList.toggle("al-guessing", this.open);
    this.cross.hidden = !this.open;
    this.at = this.open ? (this.at ?? this.landscape.start.point) : null;
    this.place();
  }

  /** @param {Pair} point */
  answer(point) {
    this.at = point;
    this.place();
    this.open = false;
    this.landscape.scene.channel.request({ answer: point }, true);
  }

  /** @param {KeyboardEvent} event */
  move(event) {
    if (!this.at) return;
    const moved = movedByKey(event, this.at, this.landscape.graph.window);
    if (!moved && event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    if (moved) {
      this.at = moved;
      this.place();
    } else if (this.open) this.answer(this.at);
  }

  /** The cross stays on its place when the picture is zoomed. */
  place() {
    if (this.at && this.landscape.graph.ready) placeAt(this.cross, this.at, this.landscape.graph.mapping());
  }

  /** @type {(context: Pen, at: Mapping, theme: Theme) => void} guess, truth, and how far they are apart */
  draw(context, at, theme) {
    const { answer, truth } = this.ask ?? {};
    if (!answer || !truth) return;
    const [[gx, gy], [tx, ty]] = [answer, truth].map(([x, y]) => [at.x(x), at.y(y)]);
    const stroke = { colour: theme.minimum, width: 2 };
    line(context, [[gx, gy], [tx, ty]], { ...stroke, dash: [5, 4] });
    cross(context, [gx, gy], 7, stroke);
    context.beginPath();
    context.arc(tx, ty, 9, 0, 2 * Math.PI);
    context.stroke();
    const away = Math.hypot(truth[0] - answer[0], truth[1] - answer[1]);
    const text = `your guess, ${format(away, 2)} away`;
    const font = `600 13px ${theme.font}`;
    context.font = font;
    const { width } = context.measureText(text);
    const left = clamp(gx - width / 2, at.left + 4, at.left + at.width - width - 4);
    const y = gy + (gy < at.top + 40 ? 22 : -16);
    fillBox(context, { left: left - 4, top: y - 11, width: width + 8, height: 18 }, theme.background, 0.85);
    write(context, text, [left, y - 1], { font, colour: theme.minimum });
  }
}
