// The SVG of a worker as elements of the page. The program could have sent any text in its place, so only what
// Graphviz draws is let in: shapes and texts, with their looks, and no address but that of a colour gradient inside.
const ELEMENTS = new Set(["svg", "g", "title", "path", "polygon", "polyline", "ellipse", "text", "tspan", "defs",
  "linearGradient", "radialGradient", "stop"]);
const ATTRIBUTES = new Set(["width", "height", "viewBox", "id", "class", "transform", "fill", "stroke", "stroke-width",
  "stroke-dasharray", "stroke-opacity", "fill-opacity", "points", "d", "x", "y", "cx", "cy", "rx", "ry", "x1", "y1",
  "x2", "y2", "text-anchor", "font-family", "font-size", "font-weight", "font-style", "text-decoration",
  "baseline-shift", "offset", "stop-color", "stop-opacity", "gradientUnits", "xml:space", "textLength", "lengthAdjust"]);

// The element, or null if there is more in it than a picture.
export function picture(text) {
  const read = new DOMParser().parseFromString(text, "image/svg+xml");
  if (read.querySelector("parsererror") || read.documentElement.localName !== "svg") return null;
  for (const element of read.querySelectorAll("*")) {
    if (!ELEMENTS.has(element.localName) || element.namespaceURI !== "http://www.w3.org/2000/svg") return null;
    for (const { name, value } of Array.from(element.attributes)) {
      if (name === "xmlns" || name.startsWith("xmlns:")) continue;
      if (!ATTRIBUTES.has(name) || (/url\s*\(/i.test(value) && !/^url\(#[\w-]+\)$/.test(value))) return null;
    }
  }
  return document.importNode(read.documentElement, true);
}
