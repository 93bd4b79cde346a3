"""Live training in Chromium: the numbers on the page are the engine's, settings work, and what fails is told."""

import runpy

import pytest

import nn
from nn.optim import SGD
from tests.support.playground_page import FOLDER

WORDS = runpy.run_path(str(FOLDER / "words.py"))["words"]()


@pytest.fixture
def training(page, serve, playground_folder):
    where = serve(playground_folder)

    def open_training(lang="en", **size):
        opened = page(f"{where}training.html#lang={lang}", **size)
        opened.wait("#network svg", 30)
        return opened

    return open_training


def reached(page, step, lang="en"):
    head = WORDS[lang]["trainNumbers"].partition("{step}")
    page.wait(lambda: page.text("#numbers").startswith(f"{head[0]}{step}{head[2][:1]}"), 30)


def settled(page):
    page.wait(lambda: page.find("#result").get_attribute("aria-busy") == "false", 30)


def loss(page):
    return float(page.text("#numbers").partition("Loss ")[2].partition(" ")[0].rstrip("."))


def table(page):
    rows = page.script("return [...document.querySelectorAll('#weights tbody tr')].map("
                       "row => [...row.cells].map(cell => cell.textContent))")
    return {name: (float(weight), float(gradient)) for name, weight, gradient in rows}


def test_the_numbers_are_the_engines(training, tmp_path):
    page = training()
    page.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)})
    page.click("#weights summary")
    for step in range(1, 4):
        page.click("#once")
        reached(page, step)
    page.click("#save-code")
    page.click("#save-weights")
    page.wait(lambda: {"training.py", "weights.json"} <= {path.name for path in tmp_path.iterdir()})
    code = (tmp_path / "training.py").read_text("utf-8")
    points = eval(code[code.index("points = [") + 9:code.index("]\n\nmodel") + 1])
    model = nn.MLP(2, [4, 4, 1], "tanh", seed=0)
    optimizer = SGD(model.parameters(), lr=0.2)
    for step in range(4):
        optimizer.zero_grad()
        found = nn.mse_loss([model([x, y]) for x, y, _ in points], [target for _, _, target in points])
        found.backward()
        if step < 3:
            optimizer.step()
    assert loss(page) == pytest.approx(found.data, rel=1e-5)
    shown = table(page)
    for label, weight in (("l1.n2.w1", model.layers[0].neurons[1].w[0]), ("l3.n1.b", model.layers[2].neurons[0].b)):
        assert shown[label] == pytest.approx((weight.data, weight.grad), rel=1e-12)
    saved = nn.load(tmp_path / "weights.json")
    assert saved["layers.1.neurons.3.w"] == pytest.approx([w.data for w in model.layers[1].neurons[3].w], rel=1e-12)
    assert page.errors() == []


def test_it_learns_while_one_looks_and_pauses(training):
    page = training()
    page.find("#data option[value=line]").click()
    page.find("#hidden option[value='2']").click()
    settled(page)
    before = loss(page)
    page.click("#go")
    page.wait(lambda: loss(page) < 0.7 * before, 60)
    page.click("#go")
    page.wait(lambda: page.text("#go") == "Learn")
    page.screenshot("training_line")
    settled(page)
    page.click("#again")
    settled(page)
    assert loss(page) == before


def test_own_data_and_their_faults(training):
    page = training()
    page.find("#data option[value=csv]").click()
    for text, told in (("1,2,a\n1,b,a", "Line 2 of the table"), ("1,2,a\n3,4,a", "exactly two different classes"),
                       ("<script>", "from 2 to 200 rows")):
        page.script("document.getElementById('csv').value = arguments[0]", text)
        page.click("#use")
        page.wait(lambda told=told: told in page.text("#problem"))
    page.script("document.getElementById('csv').value = 'x,y,kind\\n0,0,no\\n1,1,yes\\n0,1,no\\n'")
    page.click("#use")
    page.wait(lambda: "of 3 points" in page.text("#numbers"))
    assert page.text("#problem") == ""


def test_a_learning_rate_that_is_too_large_is_told(training):
    page = training()
    page.find("#data option[value=circle]").click()
    page.find("#hidden option[value='6,4']").click()
    settled(page)
    page.script("rate.value = 0.75; rate.dispatchEvent(new Event('input'))")
    assert page.text("#rate-shown") == "5.62"
    page.click("#go")
    page.wait(lambda: page.text("#problem") == WORDS["en"]["trainDiverged"], 60)
    page.click("#again")
    reached(page, 0)


@pytest.mark.parametrize(("width", "first", "second"), [(1280, "en", "zh"), (360, "zh", "en")])
def test_readers_are_not_kept_out(training, width, first, second):
    page = training(first, width=width, height=900)
    page.click("#weights summary")
    for step, lang, other in ((1, first, second), (2, second, first)):
        page.click(f"[data-lang={lang}]")
        page.click("#once")
        reached(page, step, lang)
        assert page.axe() == []
        assert page.script("return document.documentElement.scrollWidth") == width
        page.script("scrollTo(0, 0)")
        page.screenshot(f"training_{width}_{lang}")
        visible = page.script("return document.body.innerText")
        assert not [word for word in ("trainTitle", "trainData", "trainGo") if WORDS[other][word] in visible]
        assert page.find("a[data-word=toPlayground]").get_attribute("href").endswith(f"index.html#lang={lang}")
