// Work that need not be done in every frame.

/** @type {(every: number) => (playing: boolean) => boolean} at rest always, while something plays every so many ms */
export function paced(every) {
  let last = -Infinity;
  return (playing) => {
    const now = performance.now();
    if (playing && now - last < every) return false;
    last = now;
    return true;
  };
}

/** @type {() => (value: unknown) => boolean} whether a plain value is another than the last: elements stay if not */
export function changes() {
  let last = "";
  return (value) => {
    const before = last;
    last = JSON.stringify(value);
    return last !== before;
  };
}
