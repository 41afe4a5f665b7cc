"""The page over HTTP, on this machine alone: videos in ranges, data when it is asked for."""

import json
import re
import sys
from collections.abc import Callable
from functools import lru_cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO, Any, Protocol

from harness.gallery.contents import KINDS
from morse.errors import MorseError, WorkFailed

HOST = "127.0.0.1"
MOST_BODY = 1 << 20
"""Bytes that a request may bring."""
POSTERS_KEPT = 2000
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class Files(Protocol):
    """What is served."""

    def file(self, name: str) -> bytes | Path | None:
        """A file by its name, or ``None``."""
        ...


class Refused(Exception):
    """What a request brings cannot be taken; the reason is for the person at the page."""


Actions = dict[str, Callable[[Any], Any]]
"""What the page may ask to be done: name → function of the JSON that it sends, which gives the JSON that goes back."""


class Server(ThreadingHTTPServer):
    """A server of some files, and of what may be posted to it. Only requests to this machine by its own name are answered,
    so that no page of another origin gets anything (DNS rebinding)."""

    daemon_threads = True

    def __init__(self, files: Files, port: int = 0, actions: Actions | None = None) -> None:
        try:
            super().__init__((HOST, port), _Handler)
        except OSError as error:
            raise WorkFailed(f"port {port}: {error.strerror}; give another one with --port") from None
        self.files, self.actions = files, actions or {}
        self.kept = lru_cache(POSTERS_KEPT)(files.file)

    @property
    def port(self) -> int:
        """Where it listens."""
        return self.server_address[1]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}/"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Browsers break off the loading of videos all the time: that is no error."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    server: Server  # type: ignore[assignment]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(body=True)

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if not length.isdigit() or int(length) > MOST_BODY:
            self.close_connection = True  # what it brings stays unread
            return self._plain(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too much")
        body = self.rfile.read(int(length))
        action = self.server.actions.get(self.path.removeprefix("/"))
        if not self._from_here() or self.headers.get("Origin", "") not in self._origins("http://"):
            return self._plain(HTTPStatus.FORBIDDEN, "not from this page")
        if action is None:
            return self._plain(HTTPStatus.NOT_FOUND, "no such thing here")
        try:
            found = action(json.loads(body))
        except ValueError:
            return self._plain(HTTPStatus.BAD_REQUEST, "not JSON")
        except (Refused, MorseError) as error:
            return self._plain(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))
        self._send(HTTPStatus.OK, json.dumps(found).encode(), "application/json")

    def _origins(self, scheme: str) -> set[str]:
        return {f"{scheme}{host}:{self.server.port}" for host in (HOST, "localhost")}

    def _from_here(self) -> bool:
        return self.headers.get("Host", "") in self._origins("")

    def _answer(self, body: bool) -> None:
        if not self._from_here():
            return self._plain(HTTPStatus.FORBIDDEN, "asked for under another name")
        name = self.path.removeprefix("/").partition("?")[0]
        try:
            found = (self.server.kept if name.startswith("posters/") else self.server.files.file)(name)
        except MorseError as error:
            return self._plain(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
        if found is None:
            return self._plain(HTTPStatus.NOT_FOUND, "no such file")
        kind = KINDS[name.rpartition(".")[2] if name else "html"]
        if isinstance(found, bytes):
            return self._send(HTTPStatus.OK, found, kind, body=body)
        try:
            with found.open("rb") as file:
                self._send_file(file, found.stat().st_size, kind, body)
        except FileNotFoundError:
            self._plain(HTTPStatus.NOT_FOUND, "no such file")

    def _send_file(self, file: IO[bytes], size: int, kind: str, body: bool) -> None:
        """A file, or the range of it that was asked for (one range; several are answered by the whole file)."""
        first, last, status = 0, size - 1, HTTPStatus.OK
        if wanted := _RANGE.fullmatch(self.headers.get("Range", "").strip()):
            start, end = wanted.groups()
            if start or end:
                status = HTTPStatus.PARTIAL_CONTENT
                first = int(start) if start else max(0, size - int(end))
                last = min(int(end), size - 1) if start and end else size - 1
                if first > last:
                    self.send_response(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                    self.send_header("Content-Range", f"bytes */{size}")
                    self.send_header("Content-Length", "0")
                    return self.end_headers()
        self.send_response(status)
        self.send_header("Accept-Ranges", "bytes")
        if status == HTTPStatus.PARTIAL_CONTENT:
            self.send_header("Content-Range", f"bytes {first}-{last}/{size}")
        self._heads(kind, last - first + 1)
        if body:
            file.seek(first)
            left = last - first + 1
            while left > 0 and (piece := file.read(min(left, MOST_BODY))):
                self.wfile.write(piece)
                left -= len(piece)

    def _plain(self, status: HTTPStatus, text: str) -> None:
        self._send(status, text.encode("utf-8", "replace"), "text/plain; charset=utf-8", body=self.command != "HEAD")

    def _send(self, status: HTTPStatus, content: bytes, kind: str, body: bool = True) -> None:
        self.send_response(status)
        self._heads(kind, len(content))
        if body:
            self.wfile.write(content)

    def _heads(self, kind: str, length: int) -> None:
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        self.send_header("Cache-Control", "no-store" if kind.startswith(("text", "application")) else "private")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cross-Origin-Resource-Policy", "same-origin")
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are not printed."""
