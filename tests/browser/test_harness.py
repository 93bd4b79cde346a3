"""The fixtures of the browser tests find what they are there to find."""

import pytest

HEAD = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>t</title></head><body><main><h1>t</h1>'


@pytest.fixture
def write(tmp_path):
    def write(body, name="page.html"):
        (tmp_path / name).write_text(HEAD + body, "utf-8")
        return tmp_path / name
    return write


def test_a_file_is_opened_and_used(page, write):
    shown = page(write("<button>0</button><script>document.querySelector('button').onclick = "
                       "e => e.target.textContent++;</script>"), 360, 500)
    assert shown.script("return innerWidth") == 360
    shown.click("button")
    shown.press("Enter", "Space")
    assert shown.text("button") == "3"
    assert shown.wait(lambda: shown.text("button") == "3")
    assert shown.axe() == []
    assert shown.errors() == []


def test_a_folder_is_served_with_its_types(page, write, serve):
    folder = write("<script>fetch('a.wasm').then(r => document.title = r.headers.get('content-type'))</script>").parent
    (folder / "a.wasm").write_bytes(b"")
    shown = page(serve(folder) + "page.html")
    assert shown.wait(lambda: shown.driver.title == "application/wasm")


@pytest.mark.parametrize("body", [
    "<img src='http://elsewhere.example/a.png' alt=''>", "<img src='beside.png' alt=''>",
    "<script>fetch('https://elsewhere.example/').catch(() => 0)</script>",
    "<script>new WebSocket('ws://elsewhere.example/')</script>"])
def test_a_request_that_leaves_is_found(page, write, body):
    shown = page(write(body))
    assert shown.wait(shown.requests_outside)
    shown.forget_requests()


def test_a_workers_request_that_leaves_is_found(page, write, serve):
    folder = write("<script>new Worker('worker.js')</script>").parent
    (folder / "worker.js").write_text("fetch('http://elsewhere.example/').catch(() => 0)")
    shown = page(serve(folder) + "page.html")
    assert shown.wait(shown.requests_outside)
    shown.forget_requests()


def test_what_keeps_readers_out_is_found(page, write):
    shown = page(write("<button></button>"))
    assert [found.partition(":")[0] for found in shown.axe()] == ["button-name"]
    shown = page(write("<script>throw new Error('broken')</script>"))
    assert "broken" in shown.wait(shown.errors)[0]


def test_frames_are_entered_and_left(page, write):
    shown = page(write("<iframe title='f' sandbox='allow-scripts' srcdoc='<p>inside</p>'></iframe><p>outside</p>"))
    with shown.frame("iframe"):
        assert shown.text("p") == "inside"
    assert shown.text("p") == "outside"
