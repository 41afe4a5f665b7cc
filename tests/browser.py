"""A headless Chromium for tests of pages: opened over its debugging pipe, asked to evaluate, driven by real mouse clicks."""

import base64
import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LIMIT = 60.0


def chromium() -> str | None:
    """The browser's command, if there is one on this machine."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Page:
    """One open page."""

    def __init__(self, send: Any, session: str) -> None:
        self._send, self._session = send, session
        self.requests: list[str] = []
        """Addresses of all that the page has asked for so far."""

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        return self._send(method, parameters, self._session)

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression (promises are awaited)."""
        found = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in found:
            raise AssertionError(found["exceptionDetails"])
        return found["result"].get("value")

    def click(self, selector: str) -> None:
        """Scroll to the first element of a selector and click on its middle."""
        where = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}});"
            " const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=where[0], y=where[1], button="left", clickCount=1)

    def drag(self, selector: str, points: list[tuple[float, float]]) -> None:
        """Press the mouse over an element, move it, and let it go; ``points`` in fractions of the element."""
        x, y, width, height = self.evaluate(
            f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center'}});"
            " const r = e.getBoundingClientRect(); return [r.x, r.y, r.width, r.height]; })()"
        )
        kinds = ["mousePressed", *["mouseMoved"] * (len(points) - 1), "mouseReleased"]
        for kind, (across, down) in zip(kinds, [*points, points[-1]], strict=True):
            where = {"x": x + across * width, "y": y + down * height}
            self.call("Input.dispatchMouseEvent", type=kind, button="left", buttons=1, clickCount=1, **where)

    def type(self, selector: str, text: str) -> None:
        """Click into a field and type."""
        self.click(selector)
        self.call("Input.insertText", text=text)

    def press(self, key: str) -> None:
        """Press a key: a letter or sign, or a name like ``Escape``."""
        text = {"text": key} if len(key) == 1 else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", key=key, **text)
        self.call("Input.dispatchKeyEvent", type="keyUp", key=key)

    def until(self, expression: str) -> Any:
        """Wait until a JavaScript expression holds, and return its value (``True`` for an element); its last value after ten
        seconds. Until the page is there, or there again, it does not hold."""
        end, found = time.monotonic() + 10, None
        while not found and time.monotonic() < end:
            with suppress(AssertionError):  # the page is being loaded
                found = self.evaluate(f"(found => found instanceof Node ? true : found)({expression})")
            time.sleep(0.03)
        return found

    def resize(self, width: int, height: int) -> None:
        """Lay the page out for a window of so many pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def screenshot(self, file: Path) -> None:
        file.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", captureBeyondViewport=True)["data"]))


@contextmanager
def opened(url: str, width: int = 1000, height: int = 800, dark: bool = False) -> Iterator[Page]:
    """A page at ``url``, loaded; the browser ends with the block."""
    command = chromium()
    assert command is not None
    to_browser, from_us = os.pipe()
    to_us, from_browser = os.pipe()

    def connect() -> None:  # the browser reads from descriptor 3 and writes to 4
        read, write = os.dup(to_browser), os.dup(from_browser)
        while read in (3, 4) or write in (3, 4):
            read, write = os.dup(read), os.dup(write)
        os.dup2(read, 3)
        os.dup2(write, 4)

    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        options = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--remote-debugging-pipe",
            f"--user-data-dir={profile}",
        ]
        process = subprocess.Popen(
            [command, *options, f"--window-size={width},{height}", "--autoplay-policy=no-user-gesture-required"],
            preexec_fn=connect,  # noqa: PLW1509  (tests start no threads of their own)
            pass_fds=(3, 4),
            stderr=subprocess.DEVNULL,
        )
        os.close(to_browser)
        os.close(from_browser)
        reader, number = os.fdopen(to_us, "rb"), 0

        def send(method: str, parameters: dict[str, Any], session: str | None = None) -> dict[str, Any]:
            nonlocal number
            number += 1
            message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
            if session:
                message["sessionId"] = session
            os.write(from_us, json.dumps(message).encode() + b"\0")
            while True:
                answer = json.loads(_until_nul(reader))
                if answer.get("method") == "Network.requestWillBeSent":
                    page.requests.append(answer["params"]["request"]["url"])
                if answer.get("id") == number:
                    if "error" in answer:
                        raise AssertionError(answer["error"])
                    return answer["result"]

        page: Page
        try:
            target = send("Target.createTarget", {"url": "about:blank"})["targetId"]
            session = send("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
            page = Page(send, session)
            page.call("Page.enable")
            page.call("Network.enable")
            page.call(
                "Emulation.setEmulatedMedia",
                features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}],
            )
            page.call("Page.navigate", url=url)
            page.evaluate(
                "new Promise(done => document.readyState === 'complete' ? done() : addEventListener('load', done))"
            )
            yield page
        finally:
            process.kill()
            process.wait()
            os.close(from_us)
            reader.close()


def _until_nul(reader: Any) -> bytes:
    parts = []
    while (byte := reader.read(1)) not in (b"\0", b""):
        parts.append(byte)
    if not parts:
        raise AssertionError("the browser ended")
    return b"".join(parts)
