"""Fixtures of the tests in a real browser: open a file, serve a folder, and see that no request leaves the page."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support import browser


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """Selenium's driver, one for all tests."""
    if wanted := browser.missing():
        pytest.fail(f"the browser tests need more: {wanted}", pytrace=False)
    with browser.chromium(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


@pytest.fixture
def page(chromium):
    """``page(path_or_address, width=1280, height=800)`` opens it, as a `tests.support.browser.Page`. When the test is
    over, no request may have left it: to another host, or from a file to another one."""
    opened = []

    def open_page(where, width=1280, height=800):
        where = str(where)
        if opened:
            assert not opened[-1].requests_outside()
        opened.append(browser.Page(chromium, where if ":" in where.partition("/")[0] else
                                   Path(where).absolute().as_uri(), width, height))
        return opened[-1]

    yield open_page
    if opened:
        assert not opened[-1].requests_outside()


@pytest.fixture
def serve():
    """``serve(folder)`` gives the address of its files on 127.0.0.1, with a slash at its end."""
    with ExitStack() as stack:
        yield lambda folder: browser.address(stack.enter_context(browser.folder_server(folder)))
