"""Fixtures of the tests in a real browser: open a file, serve a folder, and see that no request leaves the page."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support import chromium_page, playground_page


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """Selenium's driver, one for all tests."""
    if wanted := chromium_page.missing():
        pytest.fail(f"the browser tests need more: {wanted}", pytrace=False)
    with chromium_page.chromium(tmp_path_factory.mktemp("chromium")) as driver:
        yield driver


@pytest.fixture
def page(chromium):
    """``page(path_or_address, width=1280, height=800)`` opens it, as a `chromium_page.Page`. When the test is
    over, no request may have left it: to another host, or from a file to another one."""
    opened = []

    def open_page(where, width=1280, height=800):
        where = str(where)
        if opened:
            assert not opened[-1].requests_outside()
        opened.append(chromium_page.Page(chromium, where if ":" in where.partition("/")[0] else
                                   Path(where).absolute().as_uri(), width, height))
        return opened[-1]

    yield open_page
    if opened:
        assert not opened[-1].requests_outside()


@pytest.fixture
def serve():
    """``serve(folder)`` gives the address of its files on 127.0.0.1, with a slash at its end."""
    with ExitStack() as stack:
        yield lambda folder: chromium_page.address(stack.enter_context(chromium_page.folder_server(folder)))


@pytest.fixture(scope="session")
def playground_folder():
    """The playground, built from this checkout."""
    return playground_page.build()


@pytest.fixture
def playground(page, serve, playground_folder):
    """``playground(address="", ...)`` opens the page and waits until Python is ready; address: from its #."""
    where = serve(playground_folder)

    def open_playground(address="", **size):
        opened = playground_page.Playground(page(where + address, **size))
        opened.settle()
        return opened

    return open_playground
