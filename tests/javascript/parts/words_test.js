// The landscape for those who can't see it.

import assert from "node:assert/strict";
import { inWords } from "../../../adamax_viz/player/assets/parts/words.js";

const RUNS = [{ letter: "A", label: "base", summary: "Falls." }, { letter: "B", label: "clipped", summary: "Waits." }];

Deno.test("one run tells what it did, several each their own", () => {
  assert.equal(inWords({ title: "Cliff", options: {} }, RUNS, false), "Landscape of Cliff with the path. Falls.");
  assert.equal(
    inWords({ title: "Cliff", options: {} }, RUNS, true),
    "Landscape of Cliff with 2 paths. A, base: Falls. B, clipped: Waits.",
  );
});

Deno.test("a prediction's outcome is not told beforehand", () => {
  const header = (answer) => ({ title: "Cliff", options: { ask: { kind: "point", answer } } });
  assert.equal(inWords(header(undefined), RUNS, false), "Landscape of Cliff with the path.");
  assert.ok(inWords(header([1, 2]), RUNS, false).endsWith("Falls."));
});
