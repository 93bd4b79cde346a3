// A training that was recorded: a scrubber over its steps, a slider over its learning rates.
(() => {
const $ = (id) => document.getElementById(id);
const read = (id) => JSON.parse($(id).textContent);
const { inputs, limits, points, layers, names, runs } = read("recorded"), allWords = read("words");
let lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en", words = allWords[lang], timer = 0, at = 0, run = runs[0];
const longest = runs.reduce((one, other) => (other.pictures.length > one.pictures.length ? other : one), runs[0]);
const stops = longest.pictures.map(([step]) => step), end = stops.at(-1);
const fill = (text, given) => text.replace(/\{(\w+)\}/g, (_, name) => given[name]);
const short = (x) => String(Number(x.toPrecision(4)));

// ---- what is seen

function network([, , , tiles, weights, gradients]) {
  const bytes = Int8Array.from(atob(tiles), (letter) => letter.charCodeAt(0));
  const side = bytes.length / layers.reduce((sum, layer) => sum + layer.size, 0);
  let neuron = 0;
  const shares = layers.map(({ size }) => Array.from({ length: size }, () =>
    Array.from(bytes.subarray(neuron * side, (neuron += 1) * side), (byte) => byte / 127)));
  const neurons = layers.map((layer) => layer.weights.map((row) =>
    ({ w: row.map((i) => weights[i]), dw: row.map((i) => gradients[i]) })));
  return networkPicture.picture({ inputs, limits, points, tiles: shares, neurons });
}

function show() {
  const over = at >= run.pictures.length, picture = run.pictures[Math.min(at, run.pictures.length - 1)];
  const [step, loss, right, , weights, gradients] = picture;
  $("network").replaceChildren(network(picture));
  $("say").textContent = fill(words.numbers, { step, loss: loss.toPrecision(4), right, all: points.length });
  $("problem").textContent = over ? words.diverged : "";
  $("scrub").value = at;
  $("scrub").setAttribute("aria-valuetext", fill(words.place, { at: stops[at], of: end }));
  $("count").textContent = `${stops[at]} / ${end}`;
  $("rate").setAttribute("aria-valuetext", run.rate);
  $("rate-shown").textContent = run.rate;
  if ($("weights").open) networkPicture.list($("weights").querySelector("tbody"), names.map((name, i) => [name, weights[i], gradients[i]]));
  chart(over ? null : step);
}

function chart(step) {      // of all trainings, on one scale; one that grows leaves the picture above
  const wide = 340, tall = 190, left = 52, low = tall - 34, across = wide - left - 14, top = 14;
  const first = Math.max(...runs.map(({ losses }) => losses[0])), most = 1.25 * first;
  const x = (at) => left + across * at / Math.max(1, end), y = (loss) => low - (low - top) * Math.min(loss, 9 * most) / most;
  const svg = networkPicture.element("svg", { viewBox: `0 0 ${wide} ${tall}`, "aria-hidden": "true" });
  const text = (x, y, anchor, said) => { networkPicture.element("text", { x, y, "text-anchor": anchor }, svg).textContent = said; };
  const inside = networkPicture.element("svg", { width: wide, height: low, viewBox: `0 0 ${wide} ${low}` }, svg);      // cuts off
  for (const one of [...runs.filter((other) => other !== run), run]) networkPicture.element("polyline", {
    points: one.losses.map((loss, i) => `${x(i).toFixed(1)},${y(loss).toFixed(1)}`).join(" "), class: one === run ? "this" : "other" }, inside);
  networkPicture.element("path", { d: `M${left} ${top}V${low}H${left + across}`, class: "axis" }, svg);
  if (step !== null) networkPicture.element("circle", { cx: x(step), cy: Math.max(7, y(run.losses[step])), r: 6, class: "now" }, svg);
  text(left - 6, low + 4, "end", "0");
  text(left - 6, y(first) + 4, "end", short(first));
  text(4, (low + top) / 2 + 14, "start", words.loss);
  text(left, low + 18, "middle", "0");
  text(left + across, low + 18, "end", end);
  text(left + across / 2, low + 30, "middle", words.steps);
  $("losses").replaceChildren(svg);
  $("losses").setAttribute("aria-label", `${words.losses}${lang === "zh" ? "。" : ". "}${runs.map(({ rate, losses, diverged }) =>
    fill(diverged ? words.ended : words.ends, { rate, step: losses.length - 1, loss: short(losses.at(-1) ?? 0) })).join(lang === "zh" ? "" : " ")}`);
}

function language(to) {
  lang = to; words = allWords[to];
  document.documentElement.lang = to === "zh" ? "zh-Hans" : "en";
  document.title = words.heading;
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = words[element.dataset.t];
  for (const element of document.querySelectorAll("[data-a]")) {
    element.setAttribute("aria-label", words[element.dataset.a]);
    if (element.localName === "button") element.title = words[element.dataset.a];
  }
  $("language").textContent = allWords[to === "zh" ? "en" : "zh"].language;
  $("language").lang = to === "zh" ? "en" : "zh-Hans";
  playing();
  show();
}

// ---- what the reader does

function playing() {
  const word = timer ? words.pause : words.play;
  $("play").setAttribute("aria-label", word);
  $("play").title = word;
  $("play").textContent = timer ? "❚❚" : "▶\uFE0E";
}
function pause() { clearTimeout(timer); timer = 0; playing(); }
function go(to) { at = Math.max(0, Math.min(stops.length - 1, to)); show(); }
function choose(index) { run = runs[Math.max(0, Math.min(runs.length - 1, index))]; $("rate").value = runs.indexOf(run); show(); }
function play() {
  if (timer) { pause(); return; }
  if (at === stops.length - 1) go(0);
  const tick = () => {
    go(at + 1);
    if (at === stops.length - 1) pause(); else timer = setTimeout(tick, 200 / Number($("speed").value));
  };
  timer = setTimeout(tick, 100);
  playing();
}

$("first").onclick = () => { pause(); go(0); };
$("back").onclick = () => { pause(); go(at - 1); };
$("next").onclick = () => { pause(); go(at + 1); };
$("last").onclick = () => { pause(); go(stops.length - 1); };
$("play").onclick = play;
$("scrub").oninput = () => { pause(); go(Number($("scrub").value)); };
$("rate").oninput = () => choose(Number($("rate").value));
$("weights").ontoggle = show;
$("language").onclick = () => language(lang === "zh" ? "en" : "zh");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input,select,.scroll")) return;
  const button = event.target.closest("button,summary");
  const keys = { ArrowRight: () => { pause(); go(at + 1); }, ArrowLeft: () => { pause(); go(at - 1); },
    Home: () => { pause(); go(0); }, End: () => { pause(); go(stops.length - 1); }, " ": button ? null : play };
  if (!keys[event.key]) return;
  event.preventDefault();
  keys[event.key]();
});

$("scrub").max = stops.length - 1;
$("rate").max = runs.length - 1;
if (runs.length < 2) $("rate").hidden = true;
run = runs[Math.floor((runs.length - 1) / 2)];
$("rate").value = runs.indexOf(run);
language(lang);
})();
