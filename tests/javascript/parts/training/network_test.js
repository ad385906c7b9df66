// The network's picture: a line for each weight between the nodes it joins.

import assert from "node:assert/strict";
import { distance, layOut } from "../../../../adamax_viz/player/assets/parts/training/network.js";

const NETWORK = {
  nodes: [2, 3, 1],
  layers: [
    { name: "hidden_1", inputs: 2, outputs: 3, kernel: 0, bias: 6 },
    { name: "output", inputs: 3, outputs: 1, kernel: 9, bias: 12 },
  ],
};

Deno.test("each column of the kernels has one edge, from its input to its output", () => {
  const { nodes, edges } = layOut(NETWORK, 300, 200);
  assert.deepEqual(edges.map(({ column }) => column), [0, 1, 2, 3, 4, 5, 9, 10, 11]);
  const fourth = edges[4]; // kernel[1, 1]
  assert.deepEqual([fourth.from, fourth.to], [nodes[0][1], nodes[1][1]]);
  assert.deepEqual([edges[8].from, edges[8].to], [nodes[1][2], nodes[2][0]]);
});

Deno.test("nodes stay inside, layers from left to right, and do not touch", () => {
  const { nodes, radius } = layOut({ nodes: [2, 60, 1], layers: [] }, 300, 200);
  assert.ok(nodes.flat().every(([x, y]) => x > 0 && x < 300 && y > 0 && y < 200));
  assert.ok(nodes[0][0][0] < nodes[1][0][0] && nodes[1][0][0] < nodes[2][0][0]);
  assert.ok(radius >= 2 && radius <= 8);
});

Deno.test("a point is as far from an edge as from its nearest point, not from the line beyond its ends", () => {
  assert.equal(distance([5, 3], [0, 0], [10, 0]), 3);
  assert.equal(distance([13, 4], [0, 0], [10, 0]), 5);
  assert.equal(distance([-3, -4], [0, 0], [10, 0]), 5);
});
