// Python in a worker of its own, so that the page stays alive and can stop it. The page starts this text from a blob,
// because only such a worker is bound by the page's content security policy; `base` is the folder of the page.
"use strict";

const post = self.postMessage.bind(self);   // before any program can replace it
let python, session;

async function start(base) {
  importScripts(base + "pyodide/pyodide.js", base + "viz-global.js");
  const files = fetch(base + "wheels.json").then((list) => list.json()).then((names) => Promise.all(
    names.map((name) => fetch(base + "wheels/" + name).then((wheel) => wheel.arrayBuffer()))));
  const modules = ["session.py", "training.py", "undo.py"];
  const codes = modules.map((name) => fetch(base + name).then((answer) => answer.text()));
  const viz = Viz.instance();
  python = await loadPyodide({ indexURL: base + "pyodide/" });
  const drawer = await viz;
  for (const wheel of await files) python.unpackArchive(wheel, "wheel");
  python.FS.mkdirTree("/home/pyodide/page");
  for (const [i, name] of modules.entries()) python.FS.writeFile("/home/pyodide/page/" + name, await codes[i]);
  python.globals.set("draw_svg", (source, format, engine, attributes) => draw(drawer, source, format, engine,
    attributes.toJs({ dict_converter: Object.fromEntries })));
  python.runPython(`
import sys
sys.path.append("/home/pyodide/page")
import session
import nn                   # now, and not inside the first program that needs it
from viz.rendering.outside import draw_with
draw_with(draw_svg)
del draw_svg
`);
  session = python.globals.get("session");
  post({ ready: JSON.parse(session.version()) });
}

// This Graphviz measures texts by tables, one per font. Of the lists of fonts it is told the one whose table has room
// for Chinese and for signs; the picture then names the whole list.
const MEASURED = "Verdana";

function draw(viz, source, format, engine, attributes) {
  if (!["svg", "dot"].includes(format)) throw new Error("a page draws svg and dot only");
  const list = (source.match(/fontname="([^",]+,[^"]*)"/) || [])[1];
  const first = list && list.includes(MEASURED) ? source.replaceAll(`fontname="${list}"`, `fontname="${MEASURED}"`) : source;
  let drawn;
  try {
    drawn = viz.render(first, { format, engine, graphAttributes: attributes });
  } catch (error) {     // it ends where no memory is left, and draws nothing from then on
    postMessage({ broken: `Graphviz: ${error.message}` });
    throw error;
  }
  if (drawn.status !== "success") throw new Error(drawn.errors.map((error) => error.message).join("; "));
  return first === source ? drawn.output : drawn.output.replaceAll(`font-family="${MEASURED}"`, `font-family="${list}"`);
}

self.onmessage = async ({ data }) => {
  try {
    if (data.base) {
      await start(data.base);
    } else if (data.train) {
      post({ id: data.id, done: JSON.parse(python.pyimport("training").train(data.train)) });
    } else {
      const tell = (stage, count) => post({ id: data.id, stage, count });
      post({ id: data.id, done: JSON.parse(session.run(data.program, data.lang, tell)) });
    }
  } catch (error) {     // Python itself broke down: out of memory, or out of the browser's stack
    post({ broken: String(error && error.message || error).slice(0, 500) });
  }
};
