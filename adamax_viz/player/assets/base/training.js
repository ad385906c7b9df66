// A training's payload as plain functions: names of weights, values between the steps that were kept, weights to draw.

/** Charts whose lines hold the last value known at each step; `at` names the steps at which values are known. */
export function fillSteps(charts, arrays, steps) {
  return charts.map((chart) => ({
    ...chart,
    lines: chart.lines.map((line) => ({
      ...line,
      values: filled(arrays, line.array, line.at, steps),
      upper: line.upper && filled(arrays, line.upper, line.at, steps),
    })),
  }));
}

function filled(arrays, name, atName, steps) {
  return atName ? spread(arrays[name].data, arrays[atName].data, steps) : arrays[name].data;
}

/** Values known at some steps as values at all of them: each holds until the next. */
export function spread(data, at, steps) {
  const values = new Float64Array(Math.max(steps, (at.at(-1) ?? 0) + 1)).fill(NaN);
  at.forEach((step, i) => values.fill(data[i], step, at[i + 1] ?? values.length));
  return values;
}

/** `name(column)` of a weight from the variables' names and shapes, such as hidden_1/kernel[0,3]. */
export function makeNames(variables) {
  return (column) => {
    const { name, first, shape } = variables.find((v) => column >= v.first && column < v.first + v.size);
    let rest = column - first;
    const place = [];
    for (const size of [...shape].reverse()) {
      place.unshift(rest % size);
      rest = Math.floor(rest / size);
    }
    return `${name}[${place.join(",")}]`;
  };
}

/** The weights at the playhead: {row, of(column): {value, part of the largest}}; null before training. */
export function makeWeights(header, arrays) {
  const weights = arrays.weights;
  if (!weights) return () => null;
  const steps = arrays["frames.steps"].data;
  const scale = arrays["weights.scale"].data;
  const owner = header.variables.flatMap((v, i) => Array(v.size).fill(i));
  return (position) => {
    const row = frameAt(steps, position);
    const of = (column) => {
      const part = (weights.data[row * weights.columns + column] - 128) / 127;
      return { part, value: part * scale[owner[column]] };
    };
    return { row, of };
  };
}

/** The last picture that is not later than the playhead. */
export function frameAt(steps, position) {
  return Math.max(0, steps.findLastIndex((step) => step <= position + 1e-9));
}
