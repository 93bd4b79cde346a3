// The paths from the root back to a node: how many there are, and those with the largest products. arrows: of a lesson,
// whose nodes are numbered from 0 to `root`, operands before consumers.
function largestPaths(arrows, root, target, most) {
  const out = [];
  for (const arrow of arrows) if (arrow[3] != null) (out[arrow[0]] ||= []).push(arrow);
  const reach = [], ways = [], size = x => x === 0 ? -Infinity : Number.isNaN(x) ? Infinity : Math.log(Math.abs(x));
  reach[target] = 0; ways[target] = 1n;
  for (let i = target + 1; i <= root; i += 1) {
    for (const arrow of out[i] || []) {
      if (reach[arrow[1]] === undefined) continue;
      const grown = size(arrow[3]) + reach[arrow[1]];
      reach[i] = Math.max(reach[i] ?? -Infinity, Number.isNaN(grown) ? Infinity : grown);
      ways[i] = (ways[i] || 0n) + ways[arrow[1]];
    }
  }
  const count = ways[root] || 0n, finished = [];
  if (target === root || !count) return {count, finished};
  const queue = [{bound: reach[root], at: root, size: 0, steps: null, serial: 0}];
  let serial = 0;
  const before = (a, b) => a.bound > b.bound + 1e-9 || (Math.abs(a.bound - b.bound) <= 1e-9 || a.bound === b.bound) && a.serial > b.serial;
  while (queue.length && finished.length < most + 16) {
    let best = 0;
    for (let i = 1; i < queue.length; i += 1) if (before(queue[i], queue[best])) best = i;
    const path = queue[best];
    queue[best] = queue[queue.length - 1]; queue.pop();
    if (path.at === target) {
      const steps = [];
      for (let step = path.steps; step; step = step.up) steps.push(step.arrow);
      let product = 1;
      for (let i = steps.length - 1; i >= 0; i -= 1) product *= steps[i][3];
      finished.push({steps, product});
      continue;
    }
    for (const arrow of [...(out[path.at] || [])].reverse()) {
      if (reach[arrow[1]] === undefined) continue;
      const grown = path.size + size(arrow[3]), bound = grown + reach[arrow[1]];
      queue.push({bound: Number.isNaN(bound) ? Infinity : bound, at: arrow[1], size: grown, serial: serial += 1,
        steps: {arrow, up: path.steps}});
    }
  }
  finished.sort((a, b) => Math.abs(b.product) - Math.abs(a.product));
  return {count, finished: finished.slice(0, most)};
}
