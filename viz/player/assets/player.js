(() => {
const {real, number, total, signed, parsed, near} = numbers;
const $ = id => document.getElementById(id);
const read = id => JSON.parse($(id).textContent);
const lesson = read("lesson"), allWords = read("words");
const {nodes, arrows, views, folds, home, end, seedAt} = lesson;
for (const node of nodes) { node.v = real(node.v); node.g = real(node.g); }
for (const arrow of arrows) for (const i of [3, 4]) arrow[i] = real(arrow[i]);
for (const view of views) for (const arrow of view.arrows) arrow[5] = real(arrow[5]);
const seed = real(lesson.seed), root = nodes[lesson.root];

// ---- words ----

let lang = document.documentElement.lang, words = allWords[lang];
const han = /^[一-鿿]+$/;        // a name in Chinese has no blanks around it
const fill = (text, given = {}) => text.replace(/( ?)\{(\w+)\}( ?)/g, (all, before, key, after) =>
  !(key in given) ? all : lang === "zh" && han.test(given[key]) ? given[key] : before + given[key] + after);
const gap = () => lang === "zh" ? "" : " ";

// ---- the state: a moment, a view, and what is chosen ----

const LONG = 3000;      // an arrow across a large picture, of which broad lines would take most of the time to draw
let printed = null, now = 0, shown = -1, view = null, svg = null, changes = [], next = 0, chosen = null, asked = null, timer = 0;
const marked = new Set();
const svgs = views.map((_, i) => i ? $("view" + i).content.firstElementChild : document.querySelector("#picture svg"));

function open(index) {
  if (index === shown) return;
  shown = index; view = views[index];
  svg = svgs[index];
  $("picture").replaceChildren(svg);
  prepare();
  svg.classList.remove("tracing");
  chosen = null;
  $("scrub").max = view.stops.length - 1;
  move(now, true); language(lang); crumbs(); sight.show(view, svg);      // last: the texts below the picture take room
  details(null);
  sight.center(marked);
}

function prepare() {
  if (view.ready) { ({changes, next} = view.ready); return; }
  const found = [];
  for (const element of svg.querySelectorAll("[data-f],[data-u]")) {
    const since = Number(element.dataset.f || 0);
    if (since) { element.classList.add("off"); found.push([since, element, false]); }
    if (element.dataset.u) found.push([Number(element.dataset.u), element, true]);
  }
  changes = found.sort((a, b) => a[0] - b[0]); next = 0;
  view.elements = {};
  view.routes = {};
  for (const group of svg.querySelectorAll(".card,.arrow")) {
    group.setAttribute("tabindex", "0");
    group.setAttribute("role", "button");
    if (group.dataset.k) view.elements[group.dataset.k] = group;
    else {
      view.elements["a" + group.dataset.a] = group;
      const [left, top, right, bottom] = group.dataset.b.split(" ").map(Number);
      if (right - left + bottom - top < LONG) broad(group);
    }
  }
  view.said = Object.entries(view.elements).filter(([key]) => unwritten(key)).map(([key, group]) => {
    const text = document.createElementNS(svg.namespaceURI, "text");
    const [x, y] = group.querySelector("path").getAttribute("d").match(/-?[\d.]+/g);
    for (const [name, value] of Object.entries({class: "said", x, y})) text.setAttribute(name, value);
    if (key[0] === "a") group.prepend(text, "\n"); else group.append("\n", text);
    return [key, text];
  });
  view.arrows.forEach((arrow, i) => (view.routes[arrow[0] + " " + arrow[1]] ||= []).push(i));
  svg.setAttribute("role", "group");
  svg.classList.add("live");        // without a script the last picture is seen
  view.stops = [0, ...view.steps.map(step => step[0]), end];
  view.ready = {changes, next};
}
function broad(arrow) {         // a broad line along it, which is easy to point at, and coloured when it is marked
  if (arrow.querySelector(".hit")) return;
  const hit = arrow.querySelector(".flow, path").cloneNode();
  for (const name of ["data-f", "data-u", "stroke", "stroke-width"]) hit.removeAttribute(name);
  hit.setAttribute("class", "hit");
  arrow.prepend(hit);
}
function position() {       // the last stop that is not after the present moment
  let low = 0, high = view.stops.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (view.stops[middle] <= now) low = middle; else high = middle - 1;
  }
  return low;
}

// Only what changes between two moments is touched, however large the graph is.
function move(to, quiet) {
  now = Math.max(0, Math.min(end, to));
  while (next < changes.length && changes[next][0] <= now) {
    changes[next][1].classList.toggle("off", changes[next][2]); next += 1;
  }
  while (next > 0 && changes[next - 1][0] > now) {
    next -= 1; changes[next][1].classList.toggle("off", !changes[next][2]);
  }
  view.ready.next = next;
  for (const element of marked) element.classList.remove("now");
  marked.clear();
  const at = position(), step = at && at <= view.steps.length ? view.steps[at - 1] : null;
  if (step) {
    if (step[1] === "arrow") { mark("a" + step[2]); mark(view.arrows[step[2]][0]); mark(view.arrows[step[2]][1]); }
    else mark(step[2]);
  }
  $("scrub").value = at;
  const text = fill(words.place, {at, of: view.stops.length - 1});
  $("count").textContent = `${at} / ${view.stops.length - 1}`;
  $("scrub").setAttribute("aria-valuetext", text);
  if (!quiet) { $("told").textContent = ""; }
  if (!asked) $("say").textContent = sentence(at);
  if (!quiet) sight.center(marked);
}
function mark(key) {
  const element = view.elements[key];
  if (!element) return;
  if (key[0] === "a") broad(element);
  element.classList.add("now"); marked.add(element);
}

// ---- what a step says ----

const nameOf = key => typeof view.cards[key] === "number" ? nodes[view.cards[key]].n : foldName(view.cards[key]);
function foldName(key) {
  const fold = folds[key];
  return fold.k === "inputs" ? words.inputs_layer : fold.k === "result" ? words.result : fold.n || words.whole;
}
const incoming = [];
for (const arrow of arrows) if (arrow[6] != null && arrow[4] != null) (incoming[arrow[1]] ||= []).push(arrow);
for (const some of incoming) if (some) some.sort((a, b) => a[6] - b[6]);
function arrived(node, until) {         // the contributions up to a moment, in the order in which they arrive, and their sum
  const all = incoming[node] || [], some = all.filter(arrow => arrow[6] <= until);
  const sum = some.length === all.length ? nodes[node].g :
    some.reduce((x, arrow, i) => i ? x + arrow[4] : arrow[4], 0);
  const terms = some.map(arrow => arrow[4]);
  return {count: some.length, sum, terms: total(terms.slice(0, 6)) + (terms.length > 6 ? ` + … (${terms.length})` : "")};
}
const about = arrow => ({consumer: nodes[arrow[0]].n, operand: nodes[arrow[1]].n, upstream: number(nodes[arrow[0]].g),
  partial: signed(arrow[3]), contribution: number(arrow[4])});
function reason(index) {        // why no gradient flows along an arrow
  const told = lesson.reasons[index];
  return told ? fill(words["why_" + told.why], {consumer: nodes[arrows[index][0]].n, ...told}) : "";
}
function because(i) {
  const [consumer, , count, index] = view.arrows[i], node = nodes[view.cards[consumer]];
  const text = count > 1 ? "" : index >= 0 ? reason(index) : node ? fill(words.why_upstream, {consumer: node.n}) : "";
  return text && gap() + text;
}
function sentence(at) {
  if (!at) return words.start;
  if (at > view.steps.length) return words.finished;
  const [moment, kind, what] = view.steps[at - 1];
  if (kind === "seed") return fill(seed === 1 ? words.seed : words.seed_given, {root: root.n, seed: number(seed)});
  if (kind === "value") {
    const node = nodes[view.cards[what]];
    return node ? fill(words.value, {name: node.n, formula: node.f, numbers: node.w, value: number(node.v)}) :
      fill(words.fold_value, {name: nameOf(what), count: folds[what].ops});
  }
  const [consumer, operand, count, index, , sum, flows] = view.arrows[what];
  const given = {consumer: nameOf(consumer), operand: nameOf(operand), count};
  const astray = lesson.mistake && lesson.mistake.first === index ? " ✗ " + lesson.mistake.said[lang][2] : "";
  if (!flows) return fill(words.nothing, given) + because(what) + astray;
  if (count > 1) return fill(words.bundle, given) + (sum == null ? "" : gap() + fill(words.bundle_total, {contribution: number(sum)}));
  const arrow = arrows[index], so = arrived(arrow[1], moment);
  return fill(words.arrow, about(arrow)) + gap() +
    fill(so.count > 1 ? words.adds : words.holds, {operand: nodes[arrow[1]].n, terms: so.terms, sum: number(so.sum),
      before: number(arrived(arrow[1], moment - 1).sum), contribution: number(arrow[4])}) + astray;
}

// ---- predict first ----

function question(at) {         // of the step that leads to a stop; null where there is nothing to compute
  if (!at || at > view.steps.length) return null;
  const [moment, kind, what] = view.steps[at - 1];
  if (kind === "value") {
    const node = nodes[view.cards[what]];
    return node && {at, answer: node.v, text: fill(words.ask_value, {name: node.n, formula: node.f, numbers: node.w})};
  }
  if (kind !== "arrow") return null;
  const [, , count, index, , , flows] = view.arrows[what];
  if (!flows || count > 1 || index < 0) return null;
  const arrow = arrows[index], before = arrived(arrow[1], moment - 1), given = {...about(arrow), before: number(before.sum)};
  return {at, answer: before.count ? arrived(arrow[1], moment).sum : arrow[4], alone: before.count ? arrow[4] : null,
    local: arrow[3], before: before.sum, text: fill(before.count ? words.ask_sum : words.ask_first, given)};
}
function ask(found) {
  asked = found;
  pause();
  $("ask").hidden = !found;
  if (!found) return;
  $("say").textContent = $("told").textContent = "";
  $("question").textContent = found.text;
  $("answer").value = "";
  $("answer").focus({preventScroll: true});
}
function tell(text, good) {
  $("told").textContent = text;
  $("told").className = good ? "good" : "bad";
}
function answer(given) {
  const {at, answer: right, alone, local, before} = asked;
  let text = "", good = false;
  if (given !== undefined) {
    const x = parsed(given);
    if (x === null) { tell(words.no_number, false); $("answer").focus(); return; }
    good = near(x, right);
    const told = {given: number(x), answer: number(right), before: number(before)};
    text = good ? (number(x) === number(right) ? words.right : fill(words.rounded, told)) :
      alone != null && near(x, alone) ? fill(words.wrong_replaced, told) :
      local != null && near(x, local) && !near(local, alone ?? right) ? fill(words.wrong_local, told) : fill(words.wrong, told);
  }
  ask(null);
  move(view.stops[at]);
  tell(text, good);
  $("next").focus({preventScroll: true});
}
function forward() {
  const at = position() + 1;
  if (at >= view.stops.length) { pause(); return; }
  const found = $("predict").checked ? question(at) : null;
  if (found) ask(found); else go(at);
}
function go(at) { ask(null); move(view.stops[Math.max(0, Math.min(view.stops.length - 1, at))]); }

// ---- playing ----

function pause() { clearTimeout(timer); timer = 0; label("play", words.play); $("play").textContent = "▶\uFE0E"; }
function play() {
  if (timer) { pause(); return; }
  if (position() === view.stops.length - 1) go(0);
  label("play", words.pause); $("play").textContent = "❚❚";
  const tick = () => {
    timer = 0;
    const before = position();
    forward();
    if (asked || position() === before || position() === view.stops.length - 1) { pause(); return; }
    timer = setTimeout(tick, 1800 / Number($("speed").value));
  };
  timer = setTimeout(tick, 300);
}

// ---- the paths of a card ----

function cardOf(index) {        // the card that shows a node in this view: its own, or that of a fold around it
  if (view.places === undefined) {
    view.places = {};
    for (const [key, what] of Object.entries(view.cards)) view.places[what] = key;
  }
  if (view.places[index] !== undefined) return view.places[index];
  for (let fold = home[index]; fold; fold = folds[fold].up) if (view.places[fold] !== undefined) return view.places[fold];
  return null;
}
function light(found) {
  for (const element of svg.querySelectorAll(".lit")) element.classList.remove("lit");
  svg.classList.toggle("tracing", !!found);
  if (!found) return;
  for (const {steps} of found) for (const arrow of steps) {
    const ends = [cardOf(arrow[0]), cardOf(arrow[1])];
    for (const key of ends) view.elements[key]?.classList.add("lit");
    const some = view.routes[ends.join(" ")] || [];
    const one = some.find(i => view.arrows[i][3] >= 0 && arrows[view.arrows[i][3]] === arrow) ?? some[0];
    const lit = one !== undefined && view.elements["a" + one];
    if (lit) { broad(lit); lit.classList.add("lit"); }
  }
}

// ---- details ----

function line(parent, text, name = "p") {
  const element = document.createElement(name);
  element.textContent = text;
  parent.append(element);
  return element;
}
function button(parent, text, act) {
  const element = line(parent, text, "button");
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}
function details(key, tracing = false) {
  const box = $("chosen");
  box.replaceChildren();
  if (key === null) { line(box, words.hint); return; }
  if (key[0] === "a") return arrowDetails(box, Number(key.slice(1)));
  const what = view.cards[key];
  if (typeof what === "string") {
    const fold = folds[what];
    line(box, `${foldName(what)}: ${fill(words.fold, {count: fold.count})}`).className = "head";
    if (fold.view == null) line(box, words.closed);
    else button(box, fill(words.open, {name: foldName(what)}), () => { open(fold.view); $("picture").focus(); });
    return;
  }
  const node = nodes[what];
  line(box, head(node)).className = "head";
  if (node.l) line(box, fill(words.line, {file: node.l[0], number: node.l[1], code: node.l[2]}));
  if (!tracing) {
    if (what !== lesson.root) button(box, words.show_paths, () => choose(key));
    return;
  }
  if (what === lesson.root) return;
  const {count, finished} = largestPaths(arrows, lesson.root, what, 12);
  light(finished.length ? finished : null);
  const given = {name: node.n, root: root.n};
  if (!finished.length) {
    line(box, fill(words.no_path, given));
    const reasons = arrows.map((arrow, i) => arrow[1] === what ? reason(i) : "").filter(Boolean);
    for (const text of reasons.slice(0, 3)) line(box, text);
    return;
  }
  line(box, fill(words.paths, given));
  const list = line(box, "", "ul");
  for (const {steps, product} of finished) {
    const route = [...steps].map(arrow => nodes[arrow[0]].n + (sameOperands(arrow) ? ` (${arrow[2] + 1})` : ""));
    const factors = steps.map(arrow => signed(arrow[3])), short = (some, sign) => (some.length > 9 ?
      [...some.slice(0, 4), "…", ...some.slice(-4)] : some).join(sign);
    line(list, `${short([node.n, ...route], " → ")}:  ${factors.length > 1 ? short(factors, " × ") + " = " : ""}${number(product)}`, "li");
  }
  if (count > BigInt(finished.length)) {
    const digits = count.toString();
    line(box, fill(words.more_paths, {shown: finished.length, count: digits.length > 15 ? `10^${digits.length - 1}` : digits}));
  } else {
    const products = finished.map(path => path.product);
    line(box, fill(seed === 1 ? words.path_sum : words.path_sum_seed, {...given, terms: total(products),
      sum: number(seed === 1 ? node.g : products.reduce((x, y) => x + y))}));
  }
  if (seed !== 1) line(box, fill(words.seed_factor, {seed: number(seed), gradient: number(node.g)}));
  button(box, words.hide_paths, () => choose(null));
}
const sameOperands = arrow => arrows.some(other => other !== arrow && other[0] === arrow[0] && other[1] === arrow[1]);
function head(node) {
  const known = now >= node.t, back = now >= node.c;
  return [`${node.n} ${node.f || words[node.k]}`, known ? fill(words.is_value, {value: number(node.v)}) : "",
    back ? fill(words.is_gradient, {gradient: number(node.g)}) : words.no_gradient,
    back && lesson.mistake && nodes.indexOf(node) in lesson.mistake.wrong ?
      fill(lesson.mistake.sick ? words.lively_gradient : words.wrong_gradient, {gradient: number(real(lesson.mistake.wrong[nodes.indexOf(node)]))}) : ""].filter(Boolean).join(words.comma);
}
function arrowDetails(box, i) {
  const [consumer, operand, count, index, at, sum, flows] = view.arrows[i];
  const given = {consumer: nameOf(consumer), operand: nameOf(operand), count};
  line(box, arrowText(i)).className = "head";
  if (!flows || count > 1 || index < 0) return;
  const arrow = arrows[index];
  line(box, fill(arrow[5] ? words.formula : words.one_step, {...about(arrow), partial: number(arrow[3]), formula: arrow[5]}));
  const source = nodes[arrow[0]].l;
  if (source) line(box, fill(words.line, {file: source[0], number: source[1], code: source[2]}));
}
function arrowText(i) {
  const [consumer, operand, count, index, at, sum, flows] = view.arrows[i];
  const given = {consumer: nameOf(consumer), operand: nameOf(operand), count};
  if (!flows) return fill(words.nothing, given) + because(i);
  if (now < at) return fill(words.waiting, given);
  if (count > 1 || index < 0) return fill(words.bundle, given) + (sum == null ? "" : gap() + fill(words.bundle_total, {contribution: number(sum)}));
  return fill(words.arrow, about(arrows[index]));
}
function choose(key) {
  light(null);
  chosen = key;
  const fold = key && typeof view.cards[key] === "string" ? folds[view.cards[key]] : null;
  if (fold && fold.view != null) { open(fold.view); $("picture").focus({preventScroll: true}); return; }
  details(key, true);
}
const keyOf = group => group.dataset.k || "a" + group.dataset.a;
const groupAt = event => event.target.closest?.(".card,.arrow");

// ---- the page ----

function label(id, text) { $(id).setAttribute("aria-label", text); $(id).title = text; }
function crumbs() {
  const trail = [];
  for (let key = Object.keys(folds).find(one => folds[one].view === shown); key; key = folds[key].up) trail.unshift(key);
  const nav = $("where"), list = document.createElement("ol");
  nav.hidden = views.length < 2;
  nav.setAttribute("aria-label", words.where);
  for (const key of trail) {
    const item = document.createElement("li"), name = key === trail[0] && !folds[key].up ? words.whole : foldName(key);
    if (folds[key].view === shown) { item.textContent = name; item.setAttribute("aria-current", "page"); }
    else button(item, name, () => { open(folds[key].view); $("picture").focus(); });
    list.append(item);
  }
  nav.replaceChildren(list);
}
function language(to) {
  lang = to; words = allWords[to];
  document.documentElement.lang = to === "zh" ? "zh-Hans" : "en";
  svg.classList.remove("en", "zh"); svg.classList.add(to);
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = words[element.dataset.t];
  for (const element of document.querySelectorAll("#controls [data-a]")) label(element.id, words[element.dataset.a]);
  if (timer) label("play", words.pause);
  $("language").textContent = allWords[to === "zh" ? "en" : "zh"].language;
  $("language").lang = to === "zh" ? "en" : "zh-Hans";
  $("controls").setAttribute("aria-label", words.controls);
  $("picture").setAttribute("aria-label", fill(words.picture, {root: root.n}));
  svg.setAttribute("aria-label", fill(words.picture, {root: root.n}));
  if (!lesson.title) document.title = $("title").textContent = fill(words.heading, {root: root.n});
  $("legend-text").textContent = [words.forward[view.dir], words.flow, words.colours, words.terms,
    ...(view.folded ? [words.shades] : [])].join(gap());
  for (const [key, text] of view.said) text.textContent = unwritten(key);
  five();
  mistaken();
}
function mistaken() {
  const box = $("mistake");
  if (!lesson.mistake) return;
  const [title, why, reason] = lesson.mistake.said[lang];
  box.hidden = false;
  box.replaceChildren();
  line(box, "✗ " + title, "h2").className = "wrong";
  line(box, why);
  line(box, reason);
  const {sick, first, wrong} = lesson.mistake, red = Object.keys(wrong).length && (sick ? words.lively_marks : words.wrong_marks);
  const shown = [red || "", first == null ? "" : sick ? words.lost_mark : words.first_mark].filter(Boolean).join(gap());
  if (shown) line(box, shown).className = sick ? "" : "wrong";
}
// The name of a card or an arrow is what one sees written on it; a screen reader is told this besides.
function unwritten(key) {
  if (key[0] !== "a") return folds[view.cards[key]] ? fill(words.open, {name: nameOf(key)}) : "";
  const [consumer, operand] = view.arrows[Number(key.slice(1))];
  return fill(words.arrow_name, {consumer: nameOf(consumer), operand: nameOf(operand)});
}
function five() {
  const list = $("five"), why = lesson.why, again = lesson.again;
  const given = {root: root.n, seed: number(seed), ...(why || {})};
  const times = seed === 1 ? given : {...given, root: `${number(seed)} × ${root.n}`};     // what the gradients are of
  const told = seed === 1 ? "" : gap() + fill(words.seeded, given);
  const example = arrows.filter(arrow => arrow[6] != null && arrow[4] != null);
  const one = example.find(arrow => Math.abs(nodes[arrow[0]].g) !== 1 && arrow[3] !== 1) || example.find(arrow => nodes[arrow[0]].g !== 1) || example[0];
  const rows = [["arrow", words.q_arrow, fill(words.a_arrow, times) + told + (one ? gap() + fill(words.a_arrow_here, about(one)) : "")],
    ["card", words.q_card, fill(words.a_card, times) + told],
    ["sum", why ? fill(words.q_sum, given) : words.q_sum_any, fill(!why ? words.a_sum_any : seed === 1 ? words.a_sum : words.a_sum_seed, given)],
    ["order", words.q_order, words.a_order],
    ["zero", words.q_zero, words.a_zero + (again ? gap() + fill(words.a_zero_here, {name: nodes[again[0]].n, once: again[1], twice: again[2]}) : "")]];
  list.replaceChildren();
  for (const [id, ask, text] of rows) { line(list, ask, "dt"); line(list, text, "dd").id = "answer-" + id; }
}
const zooms = {smaller: () => sight.zoom(view.scale / 1.25), larger: () => sight.zoom(view.scale * 1.25),
  whole: () => sight.zoom(view.zoom === "whole" ? null : "whole")};
$("first").addEventListener("click", () => { pause(); go(0); });
$("back").addEventListener("click", () => { pause(); go(position() - 1); });
$("next").addEventListener("click", () => { pause(); forward(); });
$("last").addEventListener("click", () => { pause(); go(view.stops.length - 1); });
$("play").addEventListener("click", play);
for (const id in zooms) $(id).addEventListener("click", zooms[id]);
$("scrub").addEventListener("input", () => { pause(); go(Number($("scrub").value)); });
$("predict").addEventListener("change", () => { if (!$("predict").checked) { ask(null); move(now, true); } });
$("ask").addEventListener("submit", event => { event.preventDefault(); answer($("answer").value); });
$("reveal").addEventListener("click", () => answer());
$("language").addEventListener("click", () => {
  const back = asked && asked.at;
  language(lang === "zh" ? "en" : "zh"); crumbs();
  if (back) ask(question(back));
  $("told").textContent = "";
  move(now, true);
  if (chosen) details(chosen, true); else details(null);
  if (back) $("say").textContent = "";
});
const picture = $("picture");
picture.addEventListener("click", event => { const group = groupAt(event); choose(group ? keyOf(group) : null); });
picture.addEventListener("mouseover", event => { const group = groupAt(event); if (group && !chosen) details(keyOf(group)); });
picture.addEventListener("focusin", event => {
  const group = groupAt(event);
  if (group?.dataset.a) broad(group);
  if (group && !chosen) details(keyOf(group));
});
document.addEventListener("keydown", event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target, typing = target.matches?.("input[type=text],select"), group = groupAt(event);
  if (event.key === "Escape") { choose(null); ask(null); move(now, true); return; }
  if (typing) return;
  if (group && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); choose(keyOf(group)); return; }
  const size = picture.contains(target) && {"+": "larger", "=": "larger", "-": "smaller", 0: "whole"}[event.key];
  if (size) { event.preventDefault(); zooms[size](); return; }
  const scrubbing = target.id === "scrub";
  if (event.key === "ArrowRight" && !scrubbing) { pause(); forward(); }
  else if (event.key === "ArrowLeft" && !scrubbing) { pause(); go(position() - 1); }
  else if (event.key === "Home" && !scrubbing) { pause(); go(0); }
  else if (event.key === "End" && !scrubbing) { pause(); go(view.stops.length - 1); }
  else if (event.key === " " && (target === document.body || target === picture)) play();
  else return;
  event.preventDefault();
});
picture.addEventListener("scroll", sight.cull);
addEventListener("resize", () => { sight.resize(); sight.center(marked); });
addEventListener("beforeprint", () => { printed = [now]; move(end, true); sight.print(true); });
addEventListener("afterprint", () => { move(printed[0], true); printed = null; sight.print(false); });
lang = lang.startsWith("zh") ? "zh" : "en"; words = allWords[lang];
open(0);
pause();
window.pathgrad = {number, total, pathsFrom: (target, most) => largestPaths(arrows, lesson.root, target, most), go: at => go(at), state: () => ({now, at: position(), of: view.stops.length - 1, view: shown})};
})();
