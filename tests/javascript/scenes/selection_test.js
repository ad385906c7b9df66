// Of several runs: whose numbers are shown, and which lines are hidden.

import assert from "node:assert/strict";
import { Selection } from "../../../adamax_viz/player/assets/scenes/selection.js";

const run = (letter, over = {}) => ({
  letter,
  variant: "ABCDEFGHIJKL".indexOf(letter),
  clipped: false,
  hasEma: false,
  ...over,
});
const selection = (...runs) => {
  const all = new Selection();
  all.runs = runs;
  all.begin();
  return all;
};

Deno.test("at first the run is in hand that shows something of its own, else the first", () => {
  assert.equal(selection(run("A"), run("B", { clipped: true })).run.letter, "B");
  assert.equal(selection(run("A"), run("B", { hasEma: true })).run.letter, "B");
  assert.equal(selection(run("A"), run("B")).run.letter, "A");
  assert.equal(selection(run("B")).run.letter, "B"); // A was refused
});

Deno.test("whom the knobs move is in hand, until somebody picks another", () => {
  const all = selection(run("A"), run("B"), run("C"));
  all.aim("C");
  assert.equal(all.run.letter, "C");
  all.pickLetter("B");
  all.aim("C");
  assert.equal(all.run.letter, "B");
  all.aim(null);
  assert.equal(all.run.letter, "B");
  all.aim("C");
  assert.equal(all.run.letter, "C");
});

Deno.test("a run that does not run this time gives its place to the first, and takes it again", () => {
  const [a, b] = [run("A"), run("B")];
  const all = selection(a, b);
  all.pickLetter("B");
  all.runs = [a];
  assert.equal(all.run.letter, "A");
  all.runs = [a, b];
  assert.equal(all.run.letter, "B");
});

Deno.test("runs are hidden and shown again, but one always stays", () => {
  const all = selection(run("A"), run("B"));
  all.toggle("A");
  assert.deepEqual(all.shown.map(({ letter }) => letter), ["B"]);
  all.toggle("B");
  assert.deepEqual(all.shown.map(({ letter }) => letter), ["B"]);
  all.toggle("A");
  assert.deepEqual(all.shown.map(({ letter }) => letter), ["A", "B"]);
  all.toggle("B");
  all.begin();
  assert.deepEqual(all.shown.map(({ letter }) => letter), ["A", "B"]);
});
