// Files of an upload field, remembered by the tab and given to the session that comes next.

import assert from "node:assert/strict";

class Element {
  constructor(files) {
    Object.assign(this, { files, multiple: true, given: [] });
  }

  closest(selector) {
    return selector === `.${this.uploader}` ? this : null;
  }

  dispatchEvent() {
    this.given.push(this.files.map(({ content }) => content));
  }
}

const listeners = {};
const field = new Element();
Object.assign(globalThis, {
  Element,
  DragEvent: class {},
  CSS: { escape: (name) => name },
  DataTransfer: class {
    files = [];
    items = { add: (file) => this.files.push(file) };
  },
  document: {
    addEventListener: (kind, run) => listeners[kind] = run,
    querySelector: () => field,
  },
});
const { default: mount } = await import("../../../adamax_viz/player/assets/uploads/root.js");

let slots = 0;

/** A page with one upload field: what hands and sessions do. */
function page() {
  const slot = `slot${++slots}`;
  let uploader = slot;
  const common = { slot, most: 10, bytes: 1000, says: false };
  const show = (session, kept, wanted) => {
    field.given = [];
    mount({ data: { ...common, session, uploader, kept, wanted }, setTriggerValue: () => {} });
    return field.given.flat();
  };
  return {
    drop: (...files) => {
      const target = new Element(files);
      target.uploader = uploader;
      listeners.change({ target });
    },
    has: (session, ...files) => show(session, files.map(({ name, size }) => [name, size]), false),
    wants: (session) => show(session, [], true),
    renew: () => uploader += "_",
  };
}

const file = (content, lastModified = 0, name = "run.csv") => ({ content, lastModified, name, size: 7 });

Deno.test("two files of one name and size are two, and the same one again is one", () => {
  const { drop, has, wants } = page();
  has("first");
  drop(file("a", 1), file("b", 2));
  drop(file("a", 1));
  has("first", file("a"), file("b"));
  assert.deepEqual(wants("second").sort(), ["a", "b"]);
});

Deno.test("of two with one name and size the session has one: the older was closed", () => {
  const { drop, has, wants } = page();
  has("first");
  drop(file("a", 1), file("b", 2));
  has("first", file("a"), file("b"));
  has("first", file("b"));
  assert.deepEqual(wants("second"), ["b"]);
});

Deno.test("what was refused is given again, and does not push out the one that was taken", () => {
  const { drop, has, wants } = page();
  has("first");
  drop(file("a", 1));
  has("first", file("a"));
  drop(file("refused", 2));
  has("first", file("a"));
  assert.deepEqual(wants("second"), ["refused", "a"]);
});

Deno.test("close all forgets what was refused as well", () => {
  const { drop, has, wants, renew } = page();
  has("first");
  drop(file("a"), file("refused", 2, "other.csv"));
  has("first", file("a"));
  renew();
  has("first");
  assert.deepEqual(wants("second"), []);
});

Deno.test("while files would be lost the page is not loaded anew", () => {
  const { drop, has } = page();
  has("first");
  drop(file("a"));
  let stopped = false;
  listeners["adamax-reload"]({ preventDefault: () => stopped = true });
  assert.ok(stopped);
});
