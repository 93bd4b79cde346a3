// Makes the page: build/, or the folder that is named, is a folder of static files that any web server can offer, and that loads nothing from elsewhere.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const here = fileURLToPath(new URL(".", import.meta.url));
const out = resolve(process.argv[2] || join(here, "build"));
const modules = join(here, "node_modules");
const python = process.env.PYTHON || "python3";

rmSync(out, { recursive: true, force: true });
cpSync(join(here, "page"), out, { recursive: true, filter: (path) => !path.includes("__pycache__") });
mkdirSync(join(out, "pyodide"));
for (const name of ["pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"])
  cpSync(join(modules, "pyodide", name), join(out, "pyodide", name));
cpSync(join(modules, "@viz-js", "viz", "dist", "viz-global.js"), join(out, "viz-global.js"));

// The picture of a network that learns is that of viz, and so are its words.
for (const name of ["network.js", "network.css"]) cpSync(join(here, "..", "..", "viz", "training", "assets", name), join(out, name));
writeFileSync(join(out, "words.json"), execFileSync(python, [join(here, "words.py")]));

// The player's page is shown in a frame, which obeys the policy of this page besides its own: its script is let in by
// its hash, and no other. The files themselves are there to compare with what a program says is the player.
const page = join(out, "index.html");
const assets = join(here, "..", "..", "viz", "player", "assets");
cpSync(join(assets, "player.css"), join(out, "player.css"));
const player = JSON.parse(readFileSync(join(assets, "scripts.json"), "utf8")).map((name) => readFileSync(join(assets, name), "utf8")).join("");
writeFileSync(join(out, "player.js"), player);
writeFileSync(page, readFileSync(page, "utf8").replace("PLAYER_SCRIPT",
  `'sha256-${createHash("sha256").update(player).digest("base64")}'`));

// Wheels: of this project as it stands in this folder, and of what it imports.
const scratch = mkdtempSync(join(tmpdir(), "playground-"));
try {
  const settings = join(scratch, "setup.cfg");      // setuptools would leave build/ and an .egg-info in the checkout
  writeFileSync(settings, `[build]\nbuild_base=${join(scratch, "build")}\n[egg_info]\negg_base=${scratch}\n`);
  const pip = (...options) => execFileSync(python, ["-m", "pip", "--quiet", "--disable-pip-version-check", ...options],
    { stdio: ["ignore", "ignore", "inherit"], env: { ...process.env, DIST_EXTRA_CONFIG: settings } });
  const wheels = join(out, "wheels");
  pip("wheel", "--no-deps", "--wheel-dir", wheels, join(here, "..", ".."));
  pip("download", "--no-deps", "--only-binary", ":all:", "--require-hashes", "--dest", wheels, "-r",
    join(here, "requirements.txt"));
  writeFileSync(join(out, "wheels.json"), JSON.stringify(readdirSync(wheels).filter((name) => name.endsWith(".whl"))));
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

const licences = ["pyodide", "@viz-js/viz"].map((name) => {
  const about = JSON.parse(readFileSync(join(modules, name, "package.json"), "utf8"));
  return `${name} ${about.version}: ${about.license}, ${about.homepage || about.repository?.url || ""}`;
});
writeFileSync(join(out, "third-party.txt"), [...licences, "graphviz (Python): MIT, https://github.com/xflr6/graphviz",
  "Graphviz: EPL-1.0, https://graphviz.org", "Python: PSF-2.0, https://www.python.org", ""].join("\n"));
