// Is what the worker sent what this project makes? The program could have sent any text in its place. A frame's sandbox
// and the page's policy stop scripts and requests, but not a mere connection, whose host name could carry numbers out
// of the page; and a saved file opens where no policy is. So there may be shapes, texts, and the player's parts, and
// nothing that has an address.
const own = await Promise.all(["player.js", "player.css"].map((name) => fetch(name).then((file) => file.text())));
const SHAPES = ["svg", "g", "title", "desc", "path", "polygon", "polyline", "ellipse", "circle", "rect", "line", "text",
  "tspan", "defs", "linearGradient", "radialGradient", "stop"];
const PARTS = ["html", "head", "meta", "style", "script", "body", "header", "main", "nav", "section", "div", "span", "p",
  "h1", "h2", "h3", "ul", "ol", "li", "dl", "dt", "dd", "pre", "code", "strong", "em", "b", "i", "sub", "sup", "small",
  "table", "thead", "tbody", "tr", "th", "td", "caption", "details", "summary", "form", "fieldset", "legend", "label",
  "button", "input", "output", "select", "option", "template"];
const LOOKS = ["id", "class", "lang", "hidden", "role", "tabindex", "width", "height", "viewBox", "transform", "fill",
  "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-opacity", "opacity", "points", "d", "x", "y", "dx",
  "dy", "r", "cx", "cy", "rx", "ry", "x1", "y1", "x2", "y2", "text-anchor", "font-family", "font-size", "font-weight",
  "font-style", "text-decoration", "baseline-shift", "offset", "stop-color", "stop-opacity", "gradientUnits", "xml:space",
  "xmlns", "xmlns:xlink", "textLength", "lengthAdjust"];
const CONTROLS = ["charset", "name", "content", "http-equiv", "type", "for", "value", "min", "max", "step", "selected",
  "checked", "disabled", "readonly", "inputmode", "autocomplete", "autocapitalize", "spellcheck", "scope", "colspan",
  "rowspan", "open", "dir", "title", "size", "maxlength", "multiple", "placeholder"];

function harmless(root, elements, attributes) {
  const names = new Set(elements);
  const known = new Set(attributes);
  const waiting = [root];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    for (const element of part.querySelectorAll("*")) {
      if (!names.has(element.localName)) return false;
      if (element.localName === "template" && element.content) waiting.push(element.content);
      if (/refresh/i.test(element.getAttribute("http-equiv") || "")) return false;
      for (const { name, value } of element.attributes) {
        if (!known.has(name) && !/^(aria|data)-/.test(name)) return false;
        if (/url\s*\(/i.test(value) && !/^url\(#[\w-]+\)$/.test(value)) return false;
      }
    }
  }
  return true;
}

export function isPicture(text) {
  const read = new DOMParser().parseFromString(text, "image/svg+xml");
  const inert = [Node.DOCUMENT_TYPE_NODE, Node.COMMENT_NODE, Node.ELEMENT_NODE];
  return read.documentElement.localName === "svg" && !/<!DOCTYPE[^>]*\[/i.test(text) &&
    !/^\s*<\?xml(?![^>]*encoding="UTF-8")[^>]*encoding/i.test(text) &&
    Array.from(read.childNodes).every((node) => inert.includes(node.nodeType)) && harmless(read, SHAPES, LOOKS);
}

// The player's page has the player's own script and style sheet, and no other; its policy is the one `http-equiv`. As
// UTF-8, which it says first: in another encoding the same bytes could be other elements.
export function isPlayer(text) {
  if (!/^<!doctype html>\s*<html lang="\w+">\s*<head>\s*<meta charset="utf-8">/.test(text)) return false;
  const read = new DOMParser().parseFromString(text, "text/html");
  if (!harmless(read, [...PARTS, ...SHAPES], [...LOOKS, ...CONTROLS])) return false;
  const whole = [read];
  for (const part of whole) whole.push(...Array.from(part.querySelectorAll("template"), (inner) => inner.content));
  const all = (name) => whole.flatMap((part) => Array.from(part.querySelectorAll(name)));
  const codes = all("script").filter((script) => script.getAttribute("type") !== "application/json");
  const told = all("[http-equiv]").map((meta) => meta.getAttribute("http-equiv"));
  return all("script").length === 3 && codes.length === 1 && !codes[0].attributes.length && codes[0].text === own[0] &&
    all("style").length === 1 && all("style")[0].textContent === own[1] && all("meta[charset]").length === 1 &&
    told.length === 1 && told[0] === "Content-Security-Policy";
}

// Whether each part of a result is a text, a number, or a table of texts: a page can show nothing else.
export function isResult(found) {
  if (found === null || typeof found !== "object" || Array.isArray(found)) return false;
  const { numbers, ...plain } = found;
  const row = (line) => line !== null && typeof line === "object" && Object.values(line).every((x) => typeof x === "string");
  return Object.values(plain).every((x) => x === null || ["string", "number"].includes(typeof x)) &&
    (typeof found.problem === "string" || Array.isArray(numbers) && numbers.every(row));
}
