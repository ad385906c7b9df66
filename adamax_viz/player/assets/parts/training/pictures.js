// The small pictures that the model is shown, each with what it says of it: one bar a label.

import { mixed, rgb } from "../../base/plot/colour.js";
import { cleared } from "../../base/dom.js";
import { clamp } from "../../base/format.js";
import { makeImage, write } from "../../base/plot/plot.js";
import { labelColour } from "./boundary.js";
import { rowsOf } from "./payload.js";

/** @import { DrawPicture } from "./types.js" */

const SIDE = 8; // pixels of a picture
const BARS = 26; // pixels under each picture for its bars and its name

/** @type {DrawPicture} */
export function drawPictures(canvas, { labels, validation, frame, theme }) {
  const context = cleared(canvas);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const pictures = rowsOf(validation);
  const columns = Math.max(1, Math.round(Math.sqrt((pictures.length * width) / (height * 0.8))));
  const cell = { width: width / columns, height: height / Math.ceil(pictures.length / columns) };
  const side = Math.max(8, Math.min(cell.width - 10, cell.height - BARS - 8));
  const [paper, ink] = [theme.panel, theme.ink].map(rgb);
  const answers = frame && rowsOf({ data: frame, columns: labels.length });
  context.imageSmoothingEnabled = false;
  pictures.forEach((picture, i) => {
    const left = (i % columns) * cell.width + (cell.width - side) / 2;
    const top = Math.floor(i / columns) * cell.height + 2;
    const image = makeImage(SIDE, SIDE, (pixel) => [...mixed(paper, ink, clamp(picture[pixel], 0, 1)), 255]);
    context.drawImage(image, left, top, side, side);
    if (!answers) return;
    // A stacked bar of the probabilities, a byte for each label, and the name that wins; what is wrong is crossed out.
    const [answer, truth] = [answers[i], picture.at(-1)];
    let at = left;
    answer.forEach((byte, label) => {
      const part = (byte / 255) * side;
      context.fillStyle = labelColour(theme, label);
      context.fillRect(at, top + side + 3, part, 5);
      at += part;
    });
    const best = answer.indexOf(Math.max(...answer));
    const [weight, text] = best === truth ? [400, labels[best]] : [700, `✗ ${labels[best]}`];
    const style = { font: `${weight} 10px ${theme.font}`, colour: labelColour(theme, best), most: side + 8 };
    write(context, text, [left + side / 2, top + side + 11], { ...style, align: "center", baseline: "top" });
  });
}
