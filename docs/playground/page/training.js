// A network that learns while one looks: tiles of outputs, edges with the heat of their gradients.
import { Python } from "./python.js";
import { lang, save, say, speak } from "./words.js";

const $ = (id) => document.getElementById(id);
const LIMIT = 1.25;     // of the plane that a tile shows, as in training.py
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

// ---- the picture, which network.js draws

function draw() {
  $("numbers").textContent = say("trainNumbers", { step: shown.step, loss: Number(shown.loss).toPrecision(6), right: shown.right,
    all: shown.points.length });
  if (!shown.finite) {
    learn(false);
    $("problem").textContent = say("trainDiverged");
    return;
  }
  $("network").replaceChildren(networkPicture.picture({ ...shown, inputs: ["x", "y"], limits: [[-LIMIT, LIMIT], [-LIMIT, LIMIT]] }));
  if ($("weights").open) list();
}

function list() {
  const rows = shown.neurons.flatMap((layer, i) => layer.flatMap((neuron, to) => [
    ...neuron.w.map((weight, from) => [`l${i + 1}.n${to + 1}.w${from + 1}`, weight, neuron.dw[from]]),
    [`l${i + 1}.n${to + 1}.b`, neuron.b, neuron.db]]));
  networkPicture.list($("weights").querySelector("tbody"), rows);
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
