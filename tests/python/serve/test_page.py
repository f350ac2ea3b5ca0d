"""The page at / in a real browser."""

import json
import os

import pytest
from browser import find_driver, running
from serving_helpers import DIGITS, LENET, digit_rows
from triton_helpers import IDENTITY, model_with_handler


@pytest.fixture(scope="module")
def browser():
    driver = find_driver()
    if driver is None:
        pytest.skip("there is no Chromium with its driver (Debian: chromium, chromium-driver)")
    with running(driver) as browser:
        yield browser


@pytest.fixture(scope="module")
def server(serving, tmp_path_factory):
    from mxnet.serve import ModelSettings

    other = model_with_handler(tmp_path_factory.mktemp("models") / "with_code", IDENTITY)
    return serving({"digits": LENET, "with_code": other}, ModelSettings(code="allow"))


@pytest.fixture
def page(browser, server):
    browser.open(server.url)
    browser.wait_for("#models", "digits")
    yield browser
    folder = os.environ.get("REMX_TEST_SCREENSHOTS")
    if folder:
        name = os.environ["PYTEST_CURRENT_TEST"].split("::")[-1].split(" ")[0]
        with open(os.path.join(folder, f"{name}.png"), "wb") as stream:
            stream.write(browser.screenshot())


def test_models_are_listed(page):
    rows = page.text("#models").splitlines()
    assert any(row.startswith("digits 1 READY data float32 ?×1×28×28") for row in rows)
    assert any(row.startswith("with_code 1 READY its handler") for row in rows)
    assert page.complaints() == []


@pytest.mark.parametrize("digit", [3, 7])
def test_a_picture(page, digit):
    page.type("#picture", str(DIGITS / f"images/{digit}.png"))
    page.click("button")
    page.wait_for("#time", "200, ")
    first = page.text("#answer tr")
    assert first.startswith(f"class {digit} ") and float(first.split()[-1]) > 0.5
    values = json.loads(page.text("#answer pre"))
    assert len(values[0]) == 10
    assert page.run("return document.querySelector('#answer meter').value") > 0.5
    assert page.complaints() == []


def test_numbers(page):
    rows, labels = digit_rows(1)
    page.run(f"document.getElementById('text').value = '{json.dumps(rows.tolist())}'")
    page.click("button")
    page.wait_for("#time", "200, ")
    assert page.text("#answer tr").startswith(f"class {labels[0]} ")


def test_an_error(page):
    page.type("#text", "[[1, 2]]")
    page.click("button")
    page.wait_for("#time", "400, ")
    assert "input data has the shape" in page.text("#answer pre.wrong")


def test_requests_are_counted(page, server):
    def count():
        (row,) = [row for row in page.text("#models").splitlines() if row.startswith("digits")]
        return int(row.split()[6])

    before = count()
    page.type("#picture", str(DIGITS / "images/1.png"))
    page.click("button")
    page.wait_for("#time", "200, ")
    page.wait_for("#models", f"28 {before + 1} 0 ")  # the list is asked for again after an answer


def test_text_of_models_is_no_markup(page, server):
    """What an answer says is shown as it is, not run."""
    page.type("#text", "<img src=x onerror='document.title=1'>")
    page.click("button")
    page.wait_for("#time", "400, ")
    assert page.run("return document.querySelectorAll('#answer img').length") == 0
