// The page: words, editor, buttons, and what a run shows.
import { MOST, read, write } from "./link.js";
import { isPicture, isPlayer, isResult } from "./picture.js";
import { Python } from "./python.js";
import { lang, save, say, speak as speakWords, words } from "./words.js";

const $ = (id) => document.getElementById(id);
const examples = await fetch("examples.json").then((answer) => answer.json());
let told = null;        // what the status line says, to say it in the other language
let result = null;      // of the last run that gave one, with its program
let running = "";       // the program of the run
let asked = false;      // whether the reader asked for the run, who then wants to see its result

function status(word, details = {}) {
  told = [word, details];
  $("status").textContent = say(word, details);
}

function speak(language) {
  speakWords(language, "title");
  const chosen = $("examples").value;
  $("examples").replaceChildren(...[{ title: words[lang].own }, ...examples].map((example, i) =>
    new Option(typeof example.title === "string" ? example.title : example.title[lang], i ? String(i - 1) : "")));
  $("examples").value = chosen;
  if (told) status(...told);
}

// ---- what a run shows

function clear() {
  $("problem").textContent = "";
  $("printed").hidden = true;
}

function hint(found) {
  if (found.kind === "NameError" && /'Value'/.test(found.message)) return say("hintImport");
  return found.kind === "ModuleNotFoundError" ? say("hintPackage") : "";
}

function show(found) {
  if (!isResult(found)) found = { problem: "unsafe" };
  $("printed").hidden = !found.printed;
  $("printed").querySelector("pre").textContent = found.printed || "";
  if (!found.problem && !((!found.html || isPlayer(found.html)) && isPicture(found.svg))) found = { problem: "unsafe" };
  $("earlier").hidden = !found.problem || !result;
  if (found.problem) return complain(found);
  result = { ...found, program: running, html: String(found.html || still(found.svg)) };
  $("placeholder").hidden = true;
  $("player").srcdoc = result.html;    // in a sandbox: its script reaches nothing of this page
  for (const id of ["player", "exports", "numbers"]) $(id).hidden = false;
  $("gradient-head").textContent = say("gradient", found);
  $("numbers").querySelector("tbody").replaceChildren(...found.numbers.map((row) => {
    const line = document.createElement("tr");
    for (const key of ["name", "formula", "value", "gradient"]) line.insertCell().textContent = row[key];
    return line;
  }));
  const seconds = Number(found.seconds).toFixed(2);
  status(found.html ? "done" : "still", { ...found, seconds });
  if (asked && matchMedia("(max-width: 900px)").matches) $("result").scrollIntoView();
}

// The page of a picture that is not stepped through.
function still(svg) {
  return `<!doctype html><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'">` +
    `<title>pathgrad</title>${svg.slice(svg.indexOf("<svg"))}`;
}

function complain(found) {
  const word = Object.hasOwn(words[lang], found.problem) ? found.problem : "error";
  const text = say(word === "error" && found.line ? "errorAt" : word, found);
  $("problem").textContent = [text, hint(found)].filter(Boolean).join("\n");
  status("ready");
  if (found.line) select(found.line);
}

// The line in the editor, when the reader is there anyway.
function select(line) {
  const lines = $("code").value.split("\n");
  const start = lines.slice(0, line - 1).join("\n").length + (line > 1 ? 1 : 0);
  $("code").setSelectionRange(start, start + (lines[line - 1] || "").length);
}

const python = new Python((event, details) => {
  $("result").ariaBusy = String(!["ready", "done", "failed"].includes(event));
  $("stop").disabled = !["running", "drawing"].includes(event);
  if (event === "ready") $("versions").textContent = `pathgrad ${details.pathgrad}, Python ${details.python}`;
  if (["tooSlow", "tooLarge", "tooDeep", "broken", "failed"].includes(event)) {
    $("problem").textContent = say(event, details);
    $("earlier").hidden = !result;
  }
  if (event === "done") show(details);
  else if (["starting", "ready", "running", "drawing", "stopped"].includes(event)) status(event, details);
  else status(event === "failed" ? "failed" : "stopped", details);
});

function run() {
  if (python.running) return;
  $("from-link").hidden = true;
  clear();
  running = $("code").value;
  python.run({ program: running, lang });
}

// ---- programs: examples, links, files

function fill(program) {
  $("code").value = program;
  clear();
}

function follow() {
  const found = read(location.hash);
  if (found.lang) speak(found.lang);
  $("from-link").hidden = typeof found.program !== "string";
  if (found.program === undefined) $("problem").textContent = say("badLink");
  if (found.program == null) return false;
  fill(found.program);
  $("examples").value = "";
  return true;
}

async function share() {
  if ($("code").value.length > MOST) return status("tooLongToShare", { most: MOST });
  history.replaceState(null, "", write($("code").value, lang));
  try {
    await navigator.clipboard.writeText(location.href);
    status("shared");
  } catch {
    status("sharedByHand");
  }
}

// ---- what the reader does

function runAsAsked() {
  asked = true;
  run();
}

$("run").onclick = runAsAsked;
$("stop").onclick = () => python.end("stopped");
$("share").onclick = share;
$("save-python").onclick = () => save("program.py", "text/x-python", result.program);
$("save-svg").onclick = () => save("gradient.svg", "image/svg+xml", result.svg);
$("save-html").onclick = () => save("gradient.html", "text/html", result.html);
$("examples").onchange = ({ target }) => {
  if (target.value === "") return;
  fill(examples[Number(target.value)].program.join("\n"));
  runAsAsked();
};
$("code").oninput = () => { $("examples").value = ""; };
$("code").onkeydown = (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    runAsAsked();
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {    // the next line begins where this one does
    const box = $("code");
    const line = box.value.slice(0, box.selectionStart).split("\n").pop();
    const indent = line.match(/^\s*/)[0] + (line.trimEnd().endsWith(":") ? "    " : "");
    if (indent) {
      event.preventDefault();
      box.setRangeText(`\n${indent}`, box.selectionStart, box.selectionEnd, "end");
    }
  }
};
for (const button of document.querySelectorAll("[data-lang]")) button.onclick = () => {
  speak(button.dataset.lang);
  if (result && !python.running && result.program === $("code").value) run();      // the picture in this language, too
};
window.onhashchange = follow;

speak(lang);
$("examples").value = "0";
fill(examples[0].program.join("\n"));
if (!follow() && !location.hash.includes("py=")) run();
