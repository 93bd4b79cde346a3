// How large the picture is, and which part of it is in sight.
const sight = (() => {
const box = document.getElementById("picture");
let view = null, svg = null, printed = false;

function show(which, picture) { view = which; svg = picture; resize(); }
function print(on) { printed = on; cull(); }        // on paper the whole is in sight
function resize() {         // as wide as the page, but neither unreadably small nor huge
  const top = box.getBoundingClientRect().top + scrollY;
  const room = Math.max(240, innerHeight - top - document.getElementById("panel").offsetHeight - 12);
  box.style.maxHeight = `${room}px`;
  const fit = (box.clientWidth || 800) / view.w, whole = Math.min(fit, (room - 2) / view.h, 2.5);
  const scale = view.zoom === "whole" ? whole : view.zoom || Math.max(0.72, Math.min(fit, Math.max(room / view.h, 0.9), 2.5));
  document.getElementById("whole").setAttribute("aria-pressed", view.zoom === "whole");
  svg.style.width = scale === fit ? "100%" : `${Math.floor(view.w * scale)}px`;
  svg.style.height = scale === fit ? "auto" : `${Math.floor(view.h * scale)}px`;
  view.scale = scale;
  cull();
}
function zoom(to) {         // a scale, "whole", or null: as it is at first; what is in the middle stays there
  const before = view.scale;
  const [x, y] = [box.scrollLeft + box.clientWidth / 2, box.scrollTop + box.clientHeight / 2];
  view.zoom = typeof to === "number" ? Math.max(0.1, Math.min(4, to)) : to;
  resize();
  box.scrollLeft = x * view.scale / before - box.clientWidth / 2;
  box.scrollTop = y * view.scale / before - box.clientHeight / 2;
}
function center(marked) {   // these elements stay in sight where the picture is larger than its frame
  const size = [view.w * view.scale, view.h * view.scale];
  if (!marked.size || size[0] <= box.clientWidth + 2 && size[1] <= box.clientHeight + 2) return;
  let all = [Infinity, Infinity, -Infinity, -Infinity], last = null;
  for (const element of marked) {
    const one = last = boxOf(element);
    all = [Math.min(all[0], one[0]), Math.min(all[1], one[1]), Math.max(all[2], one[2]), Math.max(all[3], one[3])];
  }
  for (const [i, scroll, room] of [[0, "scrollLeft", box.clientWidth], [1, "scrollTop", box.clientHeight]]) {
    const margin = Math.max(0, (room - size[i]) / 2), [from, to] = all[i + 2] - all[i] > room ? [last[i], last[i + 2]] : [all[i], all[i + 2]];
    if (from + margin < box[scroll] || to + margin > box[scroll] + room) box[scroll] = (from + to) / 2 + margin - room / 2;
  }
}
function boxOf(element) {       // in pixels of the picture
  const known = element.dataset.b.split(" ").map(Number);
  return known.map(x => x * view.scale);
}
// Of a large picture the browser draws what is in sight, and a margin of it.
function cull() {
  if (!view.groups) {
    view.groups = [...svg.querySelectorAll("[data-b]")];
    if (view.groups.length < 300) view.groups = [];
    view.groups = view.groups.map(element => ({element, parent: element.parentNode,
      box: element.dataset.b.split(" ").map(Number), away: false}));
  }
  if (!view.groups.length) return;
  const k = 1 / view.scale, width = box.clientWidth * k, height = box.clientHeight * k;
  const left = box.scrollLeft * k - width / 4, top = box.scrollTop * k - height / 4;
  for (const group of view.groups) {
    const [x0, y0, x1, y1] = group.box, away = !printed && (x1 < left || y1 < top || x0 > left + 1.5 * width || y0 > top + 1.5 * height);
    if (away !== group.away) { group.away = away; if (away) group.element.remove(); else group.parent.append(group.element); }
  }
}
return {show, print, resize, zoom, center, cull};
})();
