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
const header = (over = {}) => ({ named: "", refused: [], target: null, ...over });
const selection = (...runs) => {
  const all = new Selection();
  all.take(runs, header());
  return all;
};
const letters = (all) => all.shown.map(({ letter }) => letter).join("");

Deno.test("at first the run is in hand that shows something of its own, else the first", () => {
  assert.equal(selection(run("A"), run("B", { clipped: true })).run.letter, "B");
  assert.equal(selection(run("A"), run("B", { hasEma: true })).run.letter, "B");
  assert.equal(selection(run("A"), run("B")).run.letter, "A");
  assert.equal(selection(run("B")).run.letter, "B"); // A was refused
});

Deno.test("whom the knobs move is in hand, until somebody picks another", () => {
  const all = selection(run("A"), run("B"), run("C"));
  const aim = (target) => all.take(all.runs, header({ target }));
  aim("C");
  assert.equal(all.run.letter, "C");
  all.pickLetter("B");
  aim("C");
  assert.equal(all.run.letter, "B");
  aim(null);
  assert.equal(all.run.letter, "B");
  aim("C");
  assert.equal(all.run.letter, "C");
});

Deno.test("a run that does not run this time gives its place to the first, and takes it again", () => {
  const [a, b] = [run("A"), run("B")];
  const all = selection(a, b);
  all.pickLetter("B");
  all.take([a], header({ refused: [{ letter: "B" }] }));
  assert.equal(all.run.letter, "A");
  all.take([a, b], header());
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
});

Deno.test("a run that is refused or moved leaves the others hidden", () => {
  const all = selection(run("A"), run("B"), run("C"));
  all.toggle("A");
  all.take([run("A"), run("C")], header({ refused: [{ letter: "B" }] }));
  assert.equal(letters(all), "C");
});

Deno.test("letters of another study, or of more or fewer runs, hide none of them", () => {
  const all = selection(run("A"), run("B"), run("C"));
  all.toggle("B");
  all.take([run("A"), run("B")], header()); // B was removed: C is called B now
  assert.equal(letters(all), "AB");
  all.toggle("A");
  all.take([run("")], header());
  assert.equal(all.shown.length, 1);
  all.take([run("A"), run("B")], header());
  all.toggle("A");
  all.take([run("A"), run("B")], header({ named: "clipping" }));
  assert.equal(letters(all), "AB");
});

Deno.test("whom the knobs move is in hand when a study begins", () => {
  const all = new Selection();
  all.take([run("A"), run("B", { clipped: true })], header({ target: "A" }));
  assert.equal(all.run.letter, "A");
  all.take([run("A"), run("B", { clipped: true }), run("C")], header({ target: "A" }));
  assert.equal(all.run.letter, "A");
});
