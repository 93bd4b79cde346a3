"use strict";
// The picture of a network that learns: a tile for each neuron, and edges with the heat of their gradients.
const networkPicture = (() => {
const SVG = "http://www.w3.org/2000/svg";
const BLUE = [29, 95, 214], ORANGE = [217, 95, 2];     // positive and negative, as in all pictures
const TILE = 46, LAST = 190, GAP = 14, APART = 120;

function element(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

function colour(share) {
  return (share >= 0 ? BLUE : ORANGE).map((part) => Math.round(255 + (part - 255) * Math.min(1, Math.abs(share))));
}

function tile(outputs, size) {
  const side = Math.round(Math.sqrt(outputs.length));
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const pixels = new ImageData(side, side);
  outputs.forEach((output, i) => pixels.data.set([...colour(output), 255], 4 * i));
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  return { href: canvas.toDataURL(), width: size, height: size, preserveAspectRatio: "none" };
}

// The two classes differ in shape, too, for those who do not see the colours.
function mark(x, y, target, parent) {
  if (target > 0) element("circle", { cx: x, cy: y, r: 3.5, class: "positive" }, parent);
  else element("rect", { x: x - 3, y: y - 3, width: 6, height: 6, class: "negative" }, parent);
}

// inputs: their two names; limits: of the plane, [left, right] and [bottom, top]; points: [x, y, 1 or -1]; tiles: of each
// neuron of each layer, its outputs from -1 to 1; neurons: of each neuron of each layer, its weights w and gradients dw.
function picture({ inputs, limits, points, tiles, neurons }) {
  const columns = [inputs, ...tiles];
  const size = (column) => (column === columns.length - 1 ? LAST : TILE);
  const tall = Math.max(...columns.map((column, i) => column.length * (size(i) + GAP)));
  const wide = APART * columns.length + LAST - 60;
  const svg = element("svg", { viewBox: `0 0 ${wide} ${tall + 4}`, class: "network", "aria-hidden": "true" });
  const place = (column, row) => ({ x: 4 + APART * column,
    y: 2 + tall / 2 + (row - columns[column].length / 2) * (size(column) + GAP) + GAP / 2 });
  const steepest = Math.max(...neurons.flat().flatMap((neuron) => neuron.dw.map(Math.abs)), 1e-300);
  neurons.forEach((layer, i) => layer.forEach((neuron, to) => neuron.w.forEach((weight, from) => {
    const a = place(i, from), b = place(i + 1, to), gradient = neuron.dw[from];
    const heat = 0.15 + 0.85 * Math.sqrt(Math.abs(gradient) / steepest);
    element("line", { x1: a.x + TILE, y1: a.y + TILE / 2, x2: b.x, y2: b.y + size(i + 1) / 2, class: "edge",
      stroke: `rgb(${colour(gradient < 0 ? -heat : heat)})`, "stroke-width": Math.min(9, 1 + 2.5 * Math.abs(weight)) }, svg);
  })));
  const along = ([low, high], x) => (x - low) / (high - low);
  columns.forEach((column, i) => column.forEach((outputs, row) => {
    const { x, y } = place(i, row);
    if (i === 0) {
      element("rect", { x, y, width: TILE, height: TILE, rx: 6, class: "frame" }, svg);
      const text = element("text", { x: x + TILE / 2, y: y + TILE / 2 + 6, "text-anchor": "middle" }, svg);
      text.textContent = outputs;
      if (outputs.length > 4) { text.setAttribute("textLength", TILE - 6); text.setAttribute("lengthAdjust", "spacingAndGlyphs"); }
      return;
    }
    element("image", { x, y, ...tile(outputs, size(i)) }, svg);
    element("rect", { x, y, width: size(i), height: size(i), class: "frame" }, svg);
    if (i === columns.length - 1) for (const [px, py, target] of points)
      mark(x + LAST * along(limits[0], px), y + LAST * (1 - along(limits[1], py)), target, svg);
  }));
  return svg;
}

// Rows of name, weight and gradient.
function list(body, rows) {
  body.replaceChildren(...rows.map((row) => {
    const line = document.createElement("tr");
    for (const text of row) line.insertCell().textContent = text;
    return line;
  }));
}

return { picture, list, element };
})();
