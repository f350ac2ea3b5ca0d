"""A real browser, asked by the WebDriver protocol: Chromium with its driver."""

import base64
import contextlib
import json
import os
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # the protocol's key of an element
_DRIVERS = ("chromedriver", "/usr/lib/chromium/chromedriver")


def find_driver():
    """Path of the driver; None without it or without a browser."""
    has_browser = any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome")))
    found = (shutil.which(name) for name in _DRIVERS)
    return next(filter(None, found), None) if has_browser else None


class Browser:
    """A window of a browser.

    Args:
        url (str): Where the driver answers.
    """

    def __init__(self, url):
        self._url = url
        arguments = ["--headless=new", "--disable-gpu", "--window-size=900,900"]
        if os.getuid() == 0:
            arguments.append("--no-sandbox")  # it refuses to run as root otherwise
        options = {
            "goog:chromeOptions": {"args": arguments},
            "goog:loggingPrefs": {"browser": "ALL"},
        }
        session = self._ask("POST", "/session", {"capabilities": {"alwaysMatch": options}})
        self._session = f"/session/{session['sessionId']}"

    def _ask(self, method, path, document=None):
        data = None if document is None else json.dumps(document).encode()
        request = urllib.request.Request(self._url + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as answer:
            raise AssertionError(json.load(answer)["value"]["message"]) from None

    def ask(self, method, path, document=None):
        """Ask the driver about this window."""
        return self._ask(method, self._session + path, document)

    def open(self, url):
        """Show a page."""
        self.ask("POST", "/url", {"url": url})

    def find(self, selector):
        """The first element of a CSS selector, as a path."""
        found = self.ask("POST", "/element", {"using": "css selector", "value": selector})
        return f"/element/{found[_ELEMENT]}"

    def text(self, selector):
        """What an element shows."""
        return self.ask("GET", f"{self.find(selector)}/text")

    def type(self, selector, text):
        """Type into an element; the path of a file chooses it."""
        self.ask("POST", f"{self.find(selector)}/value", {"text": text})

    def click(self, selector):
        """Click an element."""
        self.ask("POST", f"{self.find(selector)}/click", {})

    def run(self, script):
        """What a script returns."""
        return self.ask("POST", "/execute/sync", {"script": script, "args": []})

    def wait_for(self, selector, word, seconds=20):
        """The text of an element when it holds a word."""
        until = time.monotonic() + seconds
        while word not in (text := self.text(selector)):
            assert time.monotonic() < until, f"{selector} shows {text!r}, not {word!r}"
            time.sleep(0.05)
        return text

    def complaints(self):
        """What the browser has written to its console: errors of scripts, what was blocked."""
        return [each["message"] for each in self.ask("POST", "/se/log", {"type": "browser"})]

    def screenshot(self):
        """A picture of the window, as PNG."""
        return base64.b64decode(self.ask("GET", "/screenshot"))

    def close(self):
        """Close the window."""
        self.ask("DELETE", "")


@contextlib.contextmanager
def running(driver):
    """A browser that ends with the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([driver, f"--port={port}"], stdout=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", port)).close()
                break
            time.sleep(0.05)
        browser = Browser(f"http://127.0.0.1:{port}")
        yield browser
        browser.close()
    finally:
        process.terminate()
        process.wait(20)
