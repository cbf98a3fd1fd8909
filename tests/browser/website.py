"""A clinic's own website on another origin than the bot, as strict as a website can be."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl

from tests.live import Product

PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>A physical therapy clinic</title>
  <script src="{bot}/widget.js" {attributes} defer></script>
</head>
<body>
  <main>
    <h1>A physical therapy clinic</h1>
    <p>We help people with back pain. <a href="#visit">How to find us</a></p>
    <p id="visit">Across the street from the library.</p>
  </main>
</body>
</html>
"""
POLICY = (
    "default-src 'none'; script-src {bot}; connect-src {bot} {socket}; img-src {bot} blob:; "
    "require-trusted-types-for 'script'; trusted-types backcoach; base-uri 'none'; "
    "form-action 'none'"
)


@dataclass(frozen=True)
class Site:
    """The running product, and the address of the clinic's website that shows its chat."""

    product: Product
    website: str


@contextmanager
def website(bot: str) -> Iterator[str]:
    """Serves a page with the chat; its query is what stands in the script tag."""
    policy = POLICY.format(bot=bot, socket=bot.replace("http", "ws"))

    class Pages(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            wanted = parse_qsl(self.path.partition("?")[2])
            attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in wanted)
            body = PAGE.format(bot=bot, attributes=attributes).encode()
            found = self.path.partition("?")[0] == "/"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
