"""A real HTTP server on 127.0.0.1, and small documents for it to serve."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from accel_db.verify.fetching import Limits
from accel_db.verify.kept import Kept
from accel_db.verify.matching import Figure
from accel_db.verify.verify import Run
from accel_db.verify.wanted import Task, unit_spellings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conftest import World

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
TABLE = """<html><head><title>B100</title><style>td { width: 700px }</style></head><body><h1>B100 &mdash; the chip</h1>
<table><tr><th>Feature</th><th>B100 SXM</th><th>B100 PCIe</th></tr>
<tr><td>BF16 Tensor Core</td><td>1,979 teraFLOPS<sup>2</sup></td><td>1,513 teraFLOPS</td></tr>
<tr><td>GPU Memory</td><td>80<span>GB</span></td><td>94GB</td></tr></table>
<p>Max thermal design power (TDP): up to 700&nbsp;W.</p><script>var hidden = "4321 W";</script></body></html>"""


class Site:
    """What the server answers: per path a status, headers and a body, or a function that writes the answer itself."""

    def __init__(self) -> None:
        self.pages: dict[str, tuple[int, dict[str, str], bytes] | Callable[[BaseHTTPRequestHandler], None]] = {}
        self.asked: list[tuple[str, str]] = []
        self.closing = threading.Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def put(
        self, path: str, body: bytes | str, kind: str = "text/html; charset=utf-8", status: int = 200, **headers: str
    ) -> str:
        """Serve a body; returns its address."""
        content = body.encode() if isinstance(body, str) else body
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        self.pages[path] = (status, {"Content-Type": kind, **named}, content)
        return self.url(path)

    def redirect(self, path: str, to: str) -> str:
        return self.put(path, b"", status=302, Location=to)

    def close(self) -> None:
        self.closing.set()
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.asked.append((self.path, self.headers["Host"]))
                page = site.pages.get(self.path, (404, {"Content-Type": "text/html"}, b"<p>80 GB GPU Memory</p>"))
                try:
                    if callable(page):
                        page(self)
                        return
                    self.send_response(page[0])
                    for key, value in {**page[1], "Content-Length": str(len(page[2]))}.items():
                        self.send_header(key, value)
                    self.end_headers()
                    self.wfile.write(page[2])
                except OSError:
                    self.close_connection = True

            def log_message(self, *_: Any) -> None:
                pass

        return Handler


@pytest.fixture
def site() -> Iterator[Site]:
    """A server for one test."""
    served = Site()
    yield served
    served.close()


@pytest.fixture(scope="session")
def units(built: World) -> Any:
    """The declared spellings of units."""
    from accel_db.catalog.catalog import Catalog

    with Catalog(str(built.data)) as catalog:
        return unit_spellings(catalog)


@pytest.fixture
def run(tmp_path: Path, units: Any) -> Run:
    """A run that may fetch from this machine and keeps its results in a temporary folder."""
    return Run(Limits(connect=20, read=20, total=20, allow_local=True), Kept(tmp_path / "kept"), units, NOW)


def figure(printed: str, row: str | None = None, locator: str = "table", **kwargs: Any) -> Figure:
    """A figure with little around it."""
    return Figure("bolt/b100", ("power.tdp",), printed, row, locator, **kwargs)


def task(
    url: str,
    *figures: Figure,
    access: str = "full",
    language: str | None = None,
    key: str = "bolt/page",
    via: tuple[str, ...] = (),
) -> Task:
    """A source with some figures."""
    return Task(key, {"url": url, "title": "A page", "access": access, "language": language, "via": list(via)}, figures)


def make_pdf(*pages: str, labels: bool = False) -> bytes:
    """A PDF with one text a page; with ``labels`` its pages are numbered from 10."""
    kids = " ".join(f"{4 + 2 * i} 0 R" for i in range(len(pages)))
    numbered = " /PageLabels << /Nums [0 << /S /D /St 10 >>] >>" if labels else ""
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R{numbered} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for i, text in enumerate(pages):
        lines = " T* ".join(f"({line}) Tj" for line in text.split("\n"))
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {lines} ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * i} 0 R >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("latin-1")
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    return (
        out
        + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(out)}\n%%EOF\n".encode()
    )
