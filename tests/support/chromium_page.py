"""A page in headless Chromium: find, press, look, ask axe-core; and which requests it made."""

import io
import json
import os
import re
import threading
import time
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from shutil import which

FOLDER = Path(__file__).parent.parent / "browser"
AXE, FONTS = FOLDER / "node_modules" / "axe-core" / "axe.min.js", FOLDER / "fonts"
INSTALL = "bash tests/browser/install.sh    (as root, where Chromium is missing)"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars",
         "--force-color-profile=srgb", "--font-render-hinting=none", "--lang=en-US", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--disable-domain-reliability","--disable-default-apps", "--disable-extensions",
         "--disable-features=OptimizationHints,MediaRouter,Translate,InterestFeedContentSuggestions")

# What Chromium asks for itself whatever the page is: the time, updates, accounts.
ITSELF = re.compile(r"(http://|https://|^)((accounts|clients\d?|android\.clients)\.google\.com|(update|content-autofill|"
                    r"optimizationguide-pa|safebrowsing|safebrowsingohttpgateway)\.googleapis\.com|"
                    r"(redirector|edgedl\.me)\.gvt1\.com)[:/]")


def missing():
    """What has to be installed before a browser test can run, as commands, or ""."""
    try:
        import selenium  # noqa: F401
    except ImportError:
        return "pip install '.[test,browser]'"
    return "" if which("chromium") and which("chromedriver") and AXE.exists() else INSTALL


class Quiet:
    def log_message(self, *_):
        pass


class Files(Quiet, SimpleHTTPRequestHandler):
    """The files of a folder, with the types that browsers insist on."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".wasm": "application/wasm",  # noqa: RUF012
                      ".js": "text/javascript", ".mjs": "text/javascript", ".json": "application/json"}

    def do_GET(self):
        self.server.asked.append(self.path)
        super().do_GET()


class NoWayOut(Quiet, BaseHTTPRequestHandler):
    """The proxy for everything that is not on this machine: it notes what is asked, of workers too, and refuses."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_error(502)

    do_CONNECT = do_POST = do_HEAD = do_PUT = do_OPTIONS = do_GET  # noqa: N815


@contextmanager
def server(handler):
    """An HTTP server on a free port of 127.0.0.1, whose ``asked`` lists the paths of its requests."""
    serving = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    serving.asked = []
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield serving
    finally:
        serving.shutdown()
        serving.server_close()
        thread.join()


def folder_server(folder):
    return server(partial(Files, directory=os.fspath(folder)))


def address(serving):
    return f"http://127.0.0.1:{serving.server_port}/"


@contextmanager
def chromium(cache):
    """A driver of Chromium, whose proxy is ``driver.way_out``. cache: a folder for the cache of fonts."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    environment = dict(os.environ)
    if FONTS.exists():      # for this process alone: which fonts a machine has is what tests of viz.rendering ask
        settings = Path(cache) / "fonts.conf"
        settings.write_text('<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
                            '<include ignore_missing="yes">/etc/fonts/fonts.conf</include>'
                            f"<dir>{FONTS}</dir><cachedir>{cache}</cachedir></fontconfig>")
        environment["FONTCONFIG_FILE"] = os.fspath(settings)
    with server(NoWayOut) as way_out:
        options = webdriver.ChromeOptions()
        options.binary_location = which("chromium")
        for flag in (*FLAGS, f"--proxy-server=127.0.0.1:{way_out.server_port}"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        driver = webdriver.Chrome(options=options, service=Service(which("chromedriver"), env=environment))
        driver.way_out = way_out
        try:
            yield driver
        finally:
            driver.quit()


class Page:
    """A page that is open. ``driver`` is Selenium's, for what is not here."""

    def __init__(self, driver, url, width, height):
        self.driver, self.url = driver, url
        self._requests, self._console = [], []
        driver.get("about:blank")
        self.forget_requests()      # what earlier pages did is theirs
        self.errors()
        self._console.clear()
        self.resize(width, height)
        driver.get(url)

    # what is there
    def all(self, css):
        return self.driver.find_elements("css selector", css)

    def find(self, css):
        return self.driver.find_element("css selector", css)

    def text(self, css):
        """What a reader sees of an element, hidden ones included, in one line."""
        return " ".join(self.find(css).get_property("textContent").split())

    def script(self, code, *arguments):
        """The result of the body of a JavaScript function in the page, with ``arguments``."""
        return self.driver.execute_script(code, *arguments)

    def wait(self, what, seconds=10.0):
        """The result of a function, or the visible element of a CSS selector, as soon as it is true."""
        end = time.monotonic() + seconds
        while True:
            if isinstance(what, str):
                found = next((element for element in self.all(what) if element.is_displayed()), None)
            else:
                found = what()
            if found:
                return found
            assert time.monotonic() < end, f"not within {seconds:g} s: {what}; the console: {self.errors()}"
            time.sleep(0.01)

    # what a reader does
    def click(self, css):
        self.find(css).click()

    def press(self, *keys, on=None):
        """Press keys, by the names of KeyboardEvent (Tab, Enter, ArrowLeft, Escape, Space), Shift+Tab or single
        characters, where the focus is, or in the element ``on`` (a CSS selector)."""
        from selenium.webdriver.common.action_chains import ActionChains
        from selenium.webdriver.common.keys import Keys

        def code(name):
            return name if len(name) == 1 else getattr(Keys, name.upper().replace("ARROW", "ARROW_").replace(
                "PAGE", "PAGE_"))

        if on:
            self.find(on).click()
        for key in keys:
            *held, last = key.split("+") if len(key) > 1 else [key]
            chain = ActionChains(self.driver)
            for name in held:
                chain.key_down(code(name))
            chain.send_keys(code(last))
            for name in held:
                chain.key_up(code(name))
            chain.perform()

    def focused(self):
        return self.driver.switch_to.active_element

    def resize(self, width, height):
        """The size of the page in CSS pixels; windows themselves cannot be narrower than 500."""
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    @contextmanager
    def frame(self, css):
        """What is done inside is done in that iframe."""
        self.driver.switch_to.frame(self.find(css))
        try:
            yield self
        finally:
            self.driver.switch_to.parent_frame()

    # what to check
    def requests(self):
        """The addresses of all requests since the page was opened, workers' own ones excepted."""
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] in ("Network.requestWillBeSent", "Network.webSocketCreated"):
                details = message["params"]
                self._requests.append(details.get("url") or details["request"]["url"])
        return self._requests

    def forget_requests(self):
        self.requests().clear()
        self.driver.way_out.asked.clear()

    def requests_outside(self):
        """The requests that left the page: other hosts (of workers too), or files beside a file."""
        here = self.url.partition("#")[0]
        if here.startswith("http"):
            here = here[:here.index("/", 8) + 1]
        allowed = (here, "about:", "data:", f"blob:{here.rstrip('/')}", "blob:null", "chrome-error:")
        if here.startswith("file:"):
            allowed += ("blob:file:",)
        return [*(url for url in self.requests() if not url.startswith(allowed)),
                *(url for url in self.driver.way_out.asked if not ITSELF.match(url))]

    def errors(self):
        """What the page wrote to the console as errors: exceptions, and what its content security policy stopped."""
        self._console += [entry["message"] for entry in self.driver.get_log("browser")
                          if entry["level"] == "SEVERE" and "favicon.ico" not in entry["message"]]
        return self._console

    def axe(self, context="document", rules=("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice")):
        """The violations that axe-core finds, each as one text. A frame is looked at inside ``frame``."""
        if not self.script("return typeof axe === 'object'"):
            self.script(AXE.read_text("utf-8"))
        found = self.driver.execute_async_script(
            f"const done = arguments[1]; axe.run({context}, {{runOnly: arguments[0], iframes: false}})"
            ".then(r => done(r.violations), e => done([{id: String(e), help: '', nodes: []}]))", list(rules))
        return [f"{violation['id']}: {violation['help']}: " + "; ".join(node["html"] for node in violation["nodes"][:5])
                for violation in found]

    def screenshot(self, name):
        """Look at it: a PNG beside the tests, written where it is missing or SCREENSHOTS=renew is set."""
        picture = self.driver.get_screenshot_as_png()
        target = FOLDER / "screenshots" / f"{name}.png"
        if not target.exists() or os.environ.get("SCREENSHOTS") == "renew":
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(small(picture))
        return picture


def small(picture):
    """The PNG with 128 colours, a quarter of the bytes, if Pillow is there (matplotlib brings it)."""
    try:
        from PIL import Image
    except ImportError:
        return picture
    out = io.BytesIO()
    shown = Image.open(io.BytesIO(picture)).convert("RGB")
    shown.quantize(128, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    return out.getvalue()
