// The small pictures that the model is shown, each with what it says of it: one bar a label.

import { cleared } from "../../base/dom.js";
import { makeImage, rgb } from "../../base/plot.js";

const SIDE = 8;
const BARS = 26; // pixels under each picture for its bars and its name

export function drawPictures(canvas, picture, frame, theme) {
  const context = cleared(canvas);
  const { labels, validation } = picture;
  const count = validation.data.length / validation.columns;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const columns = Math.max(1, Math.round(Math.sqrt((count * width) / (height * 0.8))));
  const rows = Math.ceil(count / columns);
  const cell = { width: width / columns, height: height / rows };
  const side = Math.max(8, Math.min(cell.width - 10, cell.height - BARS - 8));
  for (let i = 0; i < count; i++) {
    const shown = validation.data.subarray(i * validation.columns, (i + 1) * validation.columns);
    const left = (i % columns) * cell.width + (cell.width - side) / 2;
    const top = Math.floor(i / columns) * cell.height + 2;
    context.imageSmoothingEnabled = false;
    context.drawImage(image(shown, theme), left, top, side, side);
    if (frame) {
      says(context, frame.subarray(i * labels.length, (i + 1) * labels.length), shown.at(-1), labels, {
        left,
        top: top + side + 3,
        width: side,
      }, theme);
    }
  }
}

function image(values, theme) {
  const [paper, ink] = [rgb(theme.panel), rgb(theme.ink)];
  return makeImage(SIDE, SIDE, (i) => {
    const t = Math.min(1, Math.max(0, values[i]));
    return [...paper.map((v, c) => v + (ink[c] - v) * t), 255];
  });
}

/** A stacked bar of the probabilities, and the name that wins; what is wrong is crossed out. */
function says(context, bytes, truth, labels, box, theme) {
  let at = box.left;
  bytes.forEach((byte, label) => {
    const part = (byte / 255) * box.width;
    context.fillStyle = theme.labels[label % theme.labels.length];
    context.fillRect(at, box.top, part, 5);
    at += part;
  });
  const best = bytes.indexOf(Math.max(...bytes));
  const wrong = best !== truth;
  context.fillStyle = theme.labels[best % theme.labels.length];
  context.font = `${wrong ? 700 : 400} 10px ${theme.font}`;
  context.textAlign = "center";
  context.textBaseline = "top";
  context.fillText(wrong ? `✗ ${labels[best]}` : labels[best], box.left + box.width / 2, box.top + 8, box.width + 8);
}
