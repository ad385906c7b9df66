// Requests to Python: one at a time, the last value always sent, and the session told when the hand rests.

import assert from "node:assert/strict";
import { Channel } from "../../../adamax_viz/player/assets/base/channel.js";
import { WORDS } from "../../../adamax_viz/player/assets/base/silence.js";

/** A channel with a clock, a server and a session in our hands. */
async function scene(play) {
  const real = { fetch, setTimeout, clearTimeout, now: performance.now, random: Math.random };
  const timers = new Map();
  const [asked, told, painted, said] = [[], [], [], []];
  let [now, last] = [0, 0];
  globalThis.setTimeout = (run, wait) => {
    timers.set(++last, { run, at: now + wait });
    return last;
  };
  globalThis.clearTimeout = (id) => timers.delete(id);
  performance.now = () => now;
  Math.random = () => 0;
  globalThis.fetch = (address) =>
    new Promise((resolve, reject) => {
      const params = new URL(address, "http://lab").searchParams;
      const settle = async (answer) => {
        await answer();
        for (let i = 0; i < 20; i++) await Promise.resolve();
      };
      asked.push({
        params: Object.fromEntries(params),
        answer: (text = "payload", type = "application/octet-stream", status = 200, more = {}) =>
          settle(async () => {
            const response = new Response(text, { status, headers: { "content-type": type, ...more } });
            const bytes = await response.clone().arrayBuffer();
            response.arrayBuffer = () => Promise.resolve(bytes);
            response.text = () => Promise.resolve(text);
            resolve(response);
          }),
        lose: () => settle(() => reject(new DOMException("timed out", "TimeoutError"))),
      });
    });
  const channel = new Channel((bytes, sequence) => {
    const text = new TextDecoder().decode(bytes);
    if (text === "broken") return Promise.reject(new RangeError("no payload"));
    painted.push([text, sequence]);
    return Promise.resolve();
  }, (words) => said.push(words));
  channel.send = (message) => told.push(message);
  const pass = (milliseconds) => {
    now += milliseconds;
    for (const [id, { run, at }] of [...timers]) {
      if (at > now) continue;
      timers.delete(id);
      run();
    }
  };
  try {
    await play({ channel, asked, told, painted, said, pass });
  } finally {
    Object.assign(globalThis, { fetch: real.fetch, setTimeout: real.setTimeout, clearTimeout: real.clearTimeout });
    performance.now = real.now;
    Math.random = real.random;
  }
}

const LIVE = { query: "surface=rosenbrock&steps=100", panels: ["u"], target: null };
const changed = ({ params }) => JSON.parse(params.change);
const test = (name, play) => Deno.test(name, () => scene(play));

test("without a live address the session is asked, one request at a time, later ones merged", ({ channel, told }) => {
  channel.request({ beta_1: 0.5 }, false);
  channel.request({ beta_1: 0.6 }, false);
  channel.request({ steps: 10 }, true);
  channel.request({ beta_1: 0.7 }, false);
  assert.deepEqual(told, [{ fields: { beta_1: 0.5 }, final: false, sequence: 1 }]);
  channel.answered(1);
  assert.deepEqual(told[1], { fields: { beta_1: 0.7, steps: 10 }, final: true, sequence: 2 });
  assert.equal(channel.busy, true);
  channel.answered(2);
  assert.equal(told.length, 2);
  assert.equal(channel.busy, false);
});

test("an older answer does not count for a newer request", ({ channel, told }) => {
  channel.request({ steps: 1 }, true);
  channel.answered(0);
  channel.request({ steps: 2 }, true);
  assert.equal(told.length, 1);
});

test("what the session never answered it is told again, later and later, with what moved since", ({ channel, told, said, pass }) => {
  channel.request({ steps: 1, beta_1: 0.5 }, true);
  pass(4999);
  channel.request({ steps: 2 }, false);
  assert.equal(told.length, 1);
  pass(2);
  assert.deepEqual(told[1], { fields: { steps: 2, beta_1: 0.5 }, final: true, sequence: 2 });
  pass(5400);
  assert.deepEqual([told.length, said], [2, [WORDS]]);
  pass(200);
  assert.equal(told.length, 3);
  channel.answered(3);
  assert.deepEqual([channel.busy, said.at(-1)], [false, ""]);
  pass(60_000);
  assert.equal(told.length, 3);
});

test("another session is told what the one before had not answered", ({ channel, told }) => {
  channel.answered(0, "first");
  channel.request({ steps: 1 }, true);
  channel.answered(0, "first");
  assert.equal(told.length, 1);
  channel.answered(0, "second");
  assert.deepEqual(told.map(({ fields, sequence }) => [fields, sequence]), [[{ steps: 1 }, 1], [{ steps: 1 }, 2]]);
});

test("without a connection what moves is kept, and told once the session shows itself", ({ channel, told, said, pass }) => {
  channel.answered(0, "first");
  channel.connect(false);
  channel.request({ steps: 1 }, true);
  channel.request({ steps: 2 }, false);
  pass(2600);
  assert.deepEqual([told.length, said], [0, [WORDS]]);
  channel.connect(true);
  assert.deepEqual([told.length, said.at(-1)], [0, ""]); // a session that has shown nothing yet would not hear it
  channel.answered(0, "second");
  assert.deepEqual(told.map(({ fields }) => fields), [{ steps: 2 }]);
});

test("a connection that is back and shows nothing new is told all the same", ({ channel, told, pass }) => {
  channel.request({ steps: 1 }, true);
  channel.connect(false);
  channel.connect(true);
  pass(5000);
  assert.deepEqual(told.map(({ fields }) => fields), [{ steps: 1 }, { steps: 1 }]);
});

test("a short silence is nobody's business", ({ channel, said, pass }) => {
  channel.connect(false);
  pass(1000);
  channel.connect(true);
  pass(10_000);
  assert.deepEqual(said, [""]);
});

test("a player that leaves the page tells what is left, and nothing again", ({ channel, told, pass }) => {
  channel.request({ steps: 1 }, true);
  channel.close();
  pass(60_000);
  assert.equal(told.length, 1);
});

test("while a thumb moves the server is asked directly; its newest place is asked as soon as it is free", async ({ channel, asked, told, painted }) => {
  channel.live = LIVE;
  for (const beta_1 of [0.5, 0.6, 0.7]) channel.request({ beta_1 }, false);
  assert.deepEqual(asked.map(({ params }) => params), [{
    surface: "rosenbrock",
    steps: "100",
    change: '{"beta_1":0.5}',
    panels: "u",
  }]);
  await asked[0].answer("first");
  assert.deepEqual(asked.map(changed), [{ beta_1: 0.5 }, { beta_1: 0.7 }]);
  await asked[1].answer("second");
  assert.deepEqual(painted, [["first", 1], ["second", 2]]);
  assert.deepEqual([asked.length, told.length], [2, 0]);
});

test("the session learns the last value once the hand rests, not before", async ({ channel, asked, told, pass }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, false);
  channel.request({ beta_1: 0.6 }, true);
  await asked[0].answer();
  pass(1000);
  channel.request({ beta_1: 0.7 }, true);
  pass(1000);
  assert.equal(told.length, 0);
  pass(200);
  assert.deepEqual(told.map(({ fields, final }) => ({ fields, final })), [{ fields: { beta_1: 0.7 }, final: true }]);
});

test("the hand leaves: the session is told at once what is final, and only that", ({ channel, told }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, false);
  channel.leave();
  assert.equal(told.length, 0);
  channel.request({ beta_1: 0.5 }, true);
  channel.leave();
  assert.deepEqual(told[0].fields, { beta_1: 0.5 });
  channel.leave();
  assert.equal(told.length, 1);
});

test("what the session was told but has not answered is part of what the server is asked", ({ channel, asked }) => {
  channel.live = LIVE;
  channel.request({ start: [1.5, -2] }, true);
  channel.leave();
  channel.inFlight = false;
  channel.request({ beta_1: 0.9 }, false);
  assert.deepEqual(changed(asked[1]), { start: [1.5, -2], beta_1: 0.9 });
});

test("what a hand does to several runs is no setting of a link: it goes as it is", ({ channel, asked }) => {
  channel.live = { query: "effect=clipping", panels: null, several: true };
  channel.request({ "b.clipnorm": 0.5, start: [1, 2] }, false);
  assert.deepEqual(asked[0].params, { effect: "clipping", change: '{"b.clipnorm":0.5,"start":[1,2]}' });
});

test("only the session answers what belongs to the page", ({ channel, asked, told }) => {
  channel.live = LIVE;
  channel.request({ panels: ["m"] }, true);
  assert.equal(asked.length, 0);
  assert.deepEqual(told[0].fields, { panels: ["m"] });
});

test("a surface that moves is wanted at a step: that goes to the server alone", ({ channel, asked, told }) => {
  channel.live = LIVE;
  channel.surface.have = "bowl@0";
  channel.request({ surface_step: 7 }, false);
  assert.deepEqual([asked[0].params.have, asked[0].params.surface_step], ["bowl@0", "7"]);
  channel.leave();
  assert.equal(told.length, 0);
});

test("what the server refuses the session is asked, for it says why", async ({ channel, asked, told, painted }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 2 }, false);
  await asked[0].answer("no", "text/plain", 400);
  assert.deepEqual(painted, []);
  assert.deepEqual(told[0].fields, { beta_1: 2 });
  assert.equal(channel.inFlight, false);
});

test("a page of text in place of a payload is no answer", async ({ channel, asked, told, painted }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, false);
  await asked[0].answer("<html>", "text/html");
  assert.deepEqual(painted, []);
  assert.equal(told.length, 1);
});

test("a server that does not answer is asked again, later and later, for the newest place", async ({ channel, asked, said, pass }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, false);
  await asked[0].lose();
  channel.request({ beta_1: 0.6 }, false);
  assert.equal(asked.length, 1);
  pass(500);
  assert.deepEqual(asked.map(changed), [{ beta_1: 0.5 }, { beta_1: 0.6 }]);
  await asked[1].answer("", "text/html", 502);
  pass(999);
  assert.equal(asked.length, 2);
  pass(1);
  assert.deepEqual([asked.length, said], [3, []]);
  pass(1000);
  assert.deepEqual(said, [WORDS]);
  await asked[2].answer();
  assert.equal(said.at(-1), "");
  channel.request({ beta_1: 0.7 }, false);
  assert.equal(asked.length, 4);
});

test("a busy server is asked again when it says; its own sentence is shown if that lasts", async ({ channel, asked, said, told, painted, pass }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, false);
  await asked[0].answer("Many people compute now.", "text/plain", 503, { "retry-after": "2" });
  pass(1999);
  assert.equal(asked.length, 1);
  pass(1);
  assert.equal(asked.length, 2);
  await asked[1].answer("Many people compute now.", "text/plain", 503, { "retry-after": "2" });
  assert.deepEqual(said, []);
  pass(600);
  assert.deepEqual(said, ["Many people compute now."]);
  pass(1400);
  await asked[2].answer();
  assert.deepEqual([said.at(-1), painted.length, told.length], ["", 1, 0]);
});

test("what the session has answered is not asked of the server again", async ({ channel, asked, said, pass }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, true);
  channel.leave();
  await asked[0].lose();
  channel.answered(channel.sequence);
  assert.deepEqual([channel.busy, channel.ahead, said.at(-1)], [false, false, ""]);
  channel.request({ beta_1: 0.6 }, true);
  channel.leave();
  channel.answered(channel.sequence); // while the server still thinks about it
  assert.equal(channel.ahead, false);
  await asked[1].lose();
  pass(60_000);
  assert.deepEqual([channel.busy, asked.length], [false, 2]);
});

test("a session that shows itself has the server asked again at once", async ({ channel, asked }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, false);
  await asked[0].lose();
  channel.answered(0, "second");
  assert.equal(asked.length, 2);
});

test("the channel is ahead of the session while something is on its way", async ({ channel, asked }) => {
  assert.equal(channel.ahead, false);
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, true);
  assert.equal(channel.ahead, true);
  await asked[0].answer();
  assert.equal(channel.ahead, true); // the session still has to be told
  channel.leave();
  assert.equal(channel.ahead, false);
});

test("a player that has left the page asks nobody again and says nothing", async ({ channel, asked, said, pass }) => {
  channel.live = LIVE;
  channel.request({ surface_step: 3 }, false);
  channel.close();
  await asked[0].lose();
  channel.request({ surface_step: 4 }, false);
  pass(60_000);
  assert.deepEqual([asked.length, said], [1, []]);
});

test("an error of the server's own is no silence: the session is told at once", async ({ channel, asked, told, said, pass }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, false);
  await asked[0].answer("", "text/html", 500);
  assert.deepEqual(told.map(({ fields }) => fields), [{ beta_1: 0.5 }]);
  channel.answered(channel.sequence);
  pass(60_000);
  assert.deepEqual([asked.length, said], [1, []]);
});

for (const status of [502, 503, 504]) {
  test(`${status} says that nobody answers: the server is asked again`, async ({ channel, asked, told, pass }) => {
    channel.live = LIVE;
    channel.request({ beta_1: 0.5 }, false);
    await asked[0].answer("", "text/html", status);
    pass(500);
    assert.deepEqual([asked.length, told.length], [2, 0]);
  });
}

test("an answer that can't be taken is asked of the session", async ({ channel, asked, told, painted }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, false);
  await asked[0].answer("broken");
  assert.deepEqual([painted, told.map(({ fields }) => fields)], [[], [{ beta_1: 0.5 }]]);
});

test("what is said is said of whoever is silent now", async ({ channel, asked, said, pass }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, false);
  await asked[0].answer("Many people compute now.", "text/plain", 503, { "retry-after": "3" });
  pass(2600);
  channel.connect(false);
  pass(400);
  await asked[1].answer();
  assert.deepEqual(said, ["Many people compute now.", WORDS]);
  channel.connect(true);
  assert.equal(said.at(-1), "");
  channel.connect(false);
  pass(2400);
  assert.equal(said.at(-1), ""); // another silence is short at first
});

test("a surface that is refused is wanted no longer", async ({ channel, asked, pass }) => {
  channel.live = LIVE;
  channel.request({ surface_step: 3 }, false);
  await asked[0].answer("no", "text/plain", 400);
  channel.request({ beta_1: 0.5 }, true);
  channel.leave();
  await asked[1].lose();
  channel.answered(channel.sequence);
  pass(60_000);
  assert.deepEqual([asked.length, channel.busy], [2, false]);
});

test("a server that stays busy is asked later and later, whatever it says", async ({ channel, asked, pass }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, false);
  for (const [i, wait] of [1000, 1000, 2000, 4000].entries()) {
    await asked[i].answer("Many people compute now.", "text/plain", 503, { "retry-after": "1" });
    pass(wait - 1);
    assert.equal(asked.length, i + 1);
    pass(1);
    assert.equal(asked.length, i + 2);
  }
});

test("those who are put off together come back one after the other", async ({ channel, asked, pass }) => {
  Math.random = () => 0.5;
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, false);
  await asked[0].answer("Many people compute now.", "text/plain", 503, { "retry-after": "2" });
  pass(2499);
  assert.equal(asked.length, 1);
  pass(1);
  assert.equal(asked.length, 2);
});

test("a busy server that is gone by now is no longer said to be busy", async ({ channel, asked, said, pass }) => {
  channel.live = LIVE;
  channel.request({ beta_1: 0.5 }, false);
  await asked[0].answer("Many people compute now.", "text/plain", 503, { "retry-after": "3" });
  pass(3000);
  await asked[1].lose();
  assert.deepEqual(said, ["Many people compute now.", WORDS]);
});
