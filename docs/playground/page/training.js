// A network that learns while one looks: tiles of outputs, edges with the heat of their gradients.
import { Python } from "./python.js";
import { lang, save, say, speak } from "./words.js";

const $ = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const BLUE = [29, 95, 214], ORANGE = [217, 95, 2];     // positive and negative, as in all pictures
const TILE = 46, LAST = 190, GAP = 14;
let told = null, learning = false, shown = null, wanted = "start";

function status(word, details = {}) {
  told = [word, details];
  $("status").textContent = word ? say(word, details) : "";
}

function rate() {
  return Number((10 ** Number($("rate").value)).toPrecision(3));
}

function showRate() {
  $("rate-shown").textContent = rate();
}

function learn(on) {
  learning = on;
  $("go").dataset.word = on ? "trainPause" : "trainGo";
  $("go").textContent = say($("go").dataset.word);
}

// ---- requests to training.py; each answer is drawn, and the next step asked for

function ask(request) {
  if (python.running) {
    python.next = request;
    return;
  }
  wanted = request.command;
  python.run({ train: JSON.stringify(request) });
}

function begin() {
  learn(false);
  ask({ command: "start", data: $("data").value, text: $("csv").value, hidden: $("hidden").value.split(",") });
}

function step(count) {
  if (shown && !python.running) ask({ command: "step", count, rate: rate() });
}

const python = new Python((event, details) => {
  $("result").ariaBusy = String(!["done", "failed"].includes(event) || learning);
  if (event === "done") answered(details);
  else if (event === "ready") status("");
  else if (event === "starting" || event === "stopped") status(event);
  else if (event !== "running") {
    learn(false);
    shown = null;
    $("problem").textContent = say(event, details);
    if (event !== "failed" && wanted !== "start") begin();      // the network went with the Python that held it
  }
});

function answered(answer) {
  const next = python.next;
  python.next = null;
  if (answer.refused) {
    $("problem").textContent = say(answer.refused, answer);
  } else if (answer.text !== undefined) {
    if (wanted === "code") save("training.py", "text/x-python", answer.text);
    else save("weights.json", "application/json", answer.text);
  } else {
    shown = answer;
    draw();
  }
  if (next) return ask(next);
  if (learning) requestAnimationFrame(() => step(1));
}

// ---- the picture

function element(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  parent?.append(made);
  return made;
}

function colour(number, largest) {
  const share = Math.min(1, Math.abs(number) / (largest || 1));
  return (number >= 0 ? BLUE : ORANGE).map((part) => Math.round(255 + (part - 255) * share));
}

function tile(outputs, size) {
  const side = Math.round(Math.sqrt(outputs.length));
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const pixels = new ImageData(side, side);
  outputs.forEach((output, i) => pixels.data.set([...colour(output, 1), 255], 4 * i));
  canvas.getContext("2d").putImageData(pixels, 0, 0);
  return { href: canvas.toDataURL(), width: size, height: size, preserveAspectRatio: "none" };
}

function draw() {
  $("numbers").textContent = say("trainNumbers", { step: shown.step, loss: Number(shown.loss).toPrecision(6), right: shown.right,
    all: shown.points.length });
  if (!shown.finite) {
    learn(false);
    $("problem").textContent = say("trainDiverged");
    return;
  }
  const columns = [["x", "y"], ...shown.tiles];
  const tall = Math.max(LAST, ...columns.map((column) => column.length * (TILE + GAP)));
  const wide = 120 * columns.length + LAST - 60;
  const svg = element("svg", { viewBox: `0 0 ${wide} ${tall + 4}`, class: "network", "aria-hidden": "true" });
  const size = (column) => (column === columns.length - 1 ? LAST : TILE);
  const place = (column, row) => ({ x: 4 + 120 * column, y: 2 + tall / 2 + (row - columns[column].length / 2) * (size(column) + GAP) + GAP / 2 });
  const steepest = Math.max(...shown.neurons.flat().flatMap((neuron) => neuron.dw.map(Math.abs)), 1e-300);
  shown.neurons.forEach((layer, i) => layer.forEach((neuron, to) => neuron.w.forEach((weight, from) => {
    const a = place(i, from), b = place(i + 1, to), gradient = neuron.dw[from];
    const heat = 0.15 + 0.85 * Math.sqrt(Math.abs(gradient) / steepest);
    element("line", { x1: a.x + TILE, y1: a.y + TILE / 2, x2: b.x, y2: b.y + size(i + 1) / 2, class: "edge",
      stroke: `rgb(${colour(gradient < 0 ? -heat : heat, 1)})`, "stroke-width": Math.min(9, 1 + 2.5 * Math.abs(weight)) }, svg);
  })));
  columns.forEach((column, i) => column.forEach((outputs, row) => {
    const { x, y } = place(i, row);
    if (i === 0) {
      element("rect", { x, y, width: TILE, height: TILE, rx: 6, class: "frame" }, svg);
      element("text", { x: x + TILE / 2, y: y + TILE / 2 + 6, "text-anchor": "middle" }, svg).textContent = outputs;
      return;
    }
    element("image", { x, y, ...tile(outputs, size(i)) }, svg);
    element("rect", { x, y, width: size(i), height: size(i), class: "frame" }, svg);
    if (size(i) === LAST) for (const [px, py, target] of shown.points)
      mark(x + LAST * (px + 1.25) / 2.5, y + LAST * (1.25 - py) / 2.5, target, svg);
  }));
  $("network").replaceChildren(svg);
  if ($("weights").open) list();
}

// The two classes differ in shape, too, for those who do not see the colours.
function mark(x, y, target, svg) {
  if (target > 0) element("circle", { cx: x, cy: y, r: 3.5, class: "positive" }, svg);
  else element("rect", { x: x - 3, y: y - 3, width: 6, height: 6, class: "negative" }, svg);
}

function list() {
  const rows = shown.neurons.flatMap((layer, i) => layer.flatMap((neuron, to) => [
    ...neuron.w.map((weight, from) => [`l${i + 1}.n${to + 1}.w${from + 1}`, weight, neuron.dw[from]]),
    [`l${i + 1}.n${to + 1}.b`, neuron.b, neuron.db]]));
  $("weights").querySelector("tbody").replaceChildren(...rows.map((row) => {
    const line = document.createElement("tr");
    for (const text of row) line.insertCell().textContent = text;
    return line;
  }));
}

$("weights").ontoggle = () => shown?.finite && list();

// ---- what the reader does

$("go").onclick = () => {
  learn(!learning);
  if (learning) step(1);
};
$("once").onclick = () => {
  learn(false);
  step(1);
};
function beginAgain() {
  $("problem").textContent = "";
  begin();
}

$("again").onclick = beginAgain;
$("rate").oninput = showRate;
$("hidden").onchange = beginAgain;
$("data").onchange = () => {
  $("own").hidden = $("data").value !== "csv";
  if ($("own").hidden) beginAgain();
};
$("use").onclick = beginAgain;
$("file").onchange = async () => {
  const file = $("file").files[0];
  if (!file) return;
  $("csv").value = await file.slice(0, 100_000).text();
  beginAgain();
};
$("save-code").onclick = () => shown && ask({ command: "code", rate: rate() });
$("save-weights").onclick = () => shown && ask({ command: "weights" });
for (const button of document.querySelectorAll("[data-lang]")) button.onclick = () => {
  speak(button.dataset.lang, "trainTitle");
  if (told) status(...told);
  if (shown) draw();
};

speak(lang, "trainTitle");
showRate();
begin();
