"""A server on the loopback interface that speaks OpenAI's protocol for chat completions, and misbehaves when told to."""

import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Fault = int | str
"""An HTTP status; ``cut`` (the body breaks off), ``slow`` (later than anyone waits), ``html`` (no JSON)."""


class ChatServer:
    """What the server was asked and what it says. ``answer`` maps the prompt's text to the reply."""

    def __init__(self, answer: Callable[[str], str]) -> None:
        self.answer = answer
        self.faults: dict[str, list[Fault]] = defaultdict(list)
        """By a piece of the prompt: what goes wrong at the first try, the second, …."""
        self.broken: dict[str, Fault] = {}
        """By a piece of the prompt: what goes wrong every time."""
        self.answered: Counter[str] = Counter()
        self.tried: Counter[str] = Counter()
        self.requests: list[dict[str, Any]] = []
        self.most: int | None = None
        """After so many answers the server hangs."""
        self.hanging = threading.Event()
        self.lock = threading.Lock()
        self.slowness = 4.0
        self.url = ""

    def fault(self, prompt: str) -> Fault | None:
        for piece, fault in self.broken.items():
            if piece in prompt:
                return fault
        for piece, faults in self.faults.items():
            if piece in prompt and faults:
                return faults.pop(0)
        return None


@contextmanager
def chat_server(answer: Callable[[str], str]) -> Iterator[ChatServer]:
    """A running server."""
    chat = ChatServer(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, format: str, *args: object) -> None: ...

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompt = prompt_of(request)
            with chat.lock:
                chat.requests.append(request | {"path": self.path})
                chat.tried[prompt] += 1
                fault = chat.fault(prompt)
                if chat.most is not None and chat.answered.total() >= chat.most:
                    fault = "hang"
            if fault == "hang":
                chat.hanging.set()
                time.sleep(60)
                return
            self._reply(request, prompt, fault)

        def _reply(self, request: dict[str, Any], prompt: str, fault: Fault | None) -> None:
            if isinstance(fault, int):
                self._send(fault, json.dumps({"error": {"message": f"told to fail with {fault}"}}))
                return
            if fault == "html":
                self._send(200, "<html>not the server that you mean</html>", "text/html")
                return
            if fault == "slow":
                time.sleep(chat.slowness)
            body = json.dumps(completion(request["model"], chat.answer(prompt)))
            if fault == "cut":
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Transfer-Encoding", "chunked")
                self.end_headers()
                half = body[: len(body) // 2].encode()
                self.wfile.write(f"{len(half):x}\r\n".encode() + half + b"\r\n")
                self.wfile.flush()
                self.close_connection = True
                return
            if fault is None:
                with chat.lock:
                    chat.answered[prompt] += 1
            self._send(200, body)

        def _send(self, status: int, body: str, kind: str = "application/json") -> None:
            raw = body.encode()
            try:
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(raw)))
                self.end_headers()
                self.wfile.write(raw)
            except BrokenPipeError:  # the one who asked has given up
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    chat.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield chat
    finally:
        server.shutdown()
        server.server_close()


def prompt_of(request: dict[str, Any]) -> str:
    """The last text of a request's last message: the question."""
    content = request["messages"][-1]["content"]
    return content if isinstance(content, str) else [part["text"] for part in content if part["type"] == "text"][-1]


def completion(model: str, text: str) -> dict[str, Any]:
    """A chat completion as the protocol has it."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110},
    }
