// Is the SVG of a worker what Graphviz draws? The program could have sent any text in its place, and a saved file opens
// outside of the page's policy: it may have shapes and texts, with their looks, and no address but that of a colour
// gradient inside.
const ELEMENTS = new Set(["svg", "g", "title", "path", "polygon", "polyline", "ellipse", "text", "tspan", "defs",
  "linearGradient", "radialGradient", "stop"]);
const ATTRIBUTES = new Set(["width", "height", "viewBox", "id", "class", "transform", "fill", "stroke", "stroke-width",
  "stroke-dasharray", "stroke-opacity", "fill-opacity", "points", "d", "x", "y", "cx", "cy", "rx", "ry", "x1", "y1",
  "x2", "y2", "text-anchor", "font-family", "font-size", "font-weight", "font-style", "text-decoration",
  "baseline-shift", "offset", "stop-color", "stop-opacity", "gradientUnits", "xml:space", "textLength", "lengthAdjust"]);

export function isPicture(text) {
  const read = new DOMParser().parseFromString(text, "image/svg+xml");
  if (read.doctype && read.doctype.internalSubset) return false;
  for (const node of read.childNodes) if (node.nodeType === Node.PROCESSING_INSTRUCTION_NODE) return false;
  if (read.querySelector("parsererror") || read.documentElement.localName !== "svg") return false;
  for (const element of read.querySelectorAll("*")) {
    if (!ELEMENTS.has(element.localName) || element.namespaceURI !== "http://www.w3.org/2000/svg") return false;
    for (const { name, value } of element.attributes) {
      if (name === "xmlns" || name === "xmlns:xlink") continue;
      if (!ATTRIBUTES.has(name) || (/url\s*\(/i.test(value) && !/^url\(#[\w-]+\)$/.test(value))) return false;
    }
  }
  return true;
}
