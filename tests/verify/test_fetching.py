"""Fetching from a real server: what comes, what is refused, and within which limits."""

from __future__ import annotations

import asyncio
import gzip
import socket
import threading
import zlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from accel_db.verify import addresses
from accel_db.verify.addresses import Unreached
from accel_db.verify.fetching import Fetched, Fetcher, Limits

if TYPE_CHECKING:
    from http.server import BaseHTTPRequestHandler

    from tests.verify.conftest import Site

LOCAL = Limits(connect=20, read=20, total=20, allow_local=True)


def fetch(*urls: str, limits: Limits = LOCAL) -> list[Fetched]:
    """Fetch documents at once."""

    async def work() -> list[Fetched]:
        async with Fetcher(limits) as fetcher:
            return await asyncio.gather(*map(fetcher.fetch, urls))

    return asyncio.run(work())


def refused(url: str, limits: Limits = LOCAL) -> str:
    """Why a document could not be fetched."""
    with pytest.raises(Unreached) as caught:
        fetch(url, limits=limits)
    return caught.value.message


def test_a_document_as_it_came(site: Site) -> None:
    """Its bytes, its address after redirects, what the server calls it, and its charset."""
    site.put("/b", b"80 GB\xff", "Text/HTML; charset=ISO-8859-1")
    site.redirect("/a", "/b")
    assert fetch(site.url("/a")) == [Fetched(site.url("/b"), b"80 GB\xff", "text/html", "iso-8859-1")]
    assert [path for path, _ in site.asked] == ["/a", "/b"]


@pytest.mark.parametrize(
    ("coding", "pack"),
    [("gzip", gzip.compress), ("x-gzip", gzip.compress), ("deflate", zlib.compress), ("identity", bytes)],
)
def test_packed_documents(site: Site, coding: str, pack: Any) -> None:
    """Gzip and deflate are unpacked."""
    assert fetch(site.put("/", pack(b"80 GB" * 1000), Content_Encoding=coding))[0].content == b"80 GB" * 1000


def test_broken_and_unknown_packing(site: Site) -> None:
    """What is not the packing it says or breaks off, or one that was not asked for, is refused."""
    assert refused(site.put("/", b"<p>80 GB", Content_Encoding="gzip")).startswith("its gzip is broken: Error -3")
    assert (
        refused(site.put("/", gzip.compress(b"80 GB")[:-9], Content_Encoding="gzip"))
        == "its gzip is broken: it ends too early"
    )
    assert refused(site.put("/", b"80 GB", Content_Encoding="br")) == "packed as 'br', which was not asked for"


def test_size_is_capped_unpacked(site: Site) -> None:
    """A document of exactly the limit passes, one byte more does not, and a small file that unpacks to more does not either."""
    limits = replace(LOCAL, size=1_000_000)
    assert len(fetch(site.put("/", bytes(1_000_000)), limits=limits)[0].content) == 1_000_000
    assert refused(site.put("/", bytes(1_000_001)), limits) == "larger than 1 MB"
    assert (
        refused(site.put("/", gzip.compress(bytes(50_000_000)), Content_Encoding="gzip"), limits) == "larger than 1 MB"
    )


def test_an_endless_body(site: Site) -> None:
    """A body without end is left at the size limit."""

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not site.closing.is_set():
            handler.wfile.write(b"80 GB " * 10_000)

    site.pages["/"] = endless
    assert refused(site.url("/"), replace(LOCAL, size=1_000_000)) == "larger than 1 MB"


def test_slow_answers(site: Site) -> None:
    """No answer within the read limit, or a body that drips beyond the total, ends in words."""

    def silent(handler: BaseHTTPRequestHandler) -> None:
        site.closing.wait()

    def dripping(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while not site.closing.wait(0.01):
            handler.wfile.write(b".")
            handler.wfile.flush()

    site.pages.update({"/silent": silent, "/dripping": dripping})
    assert refused(site.url("/silent"), replace(LOCAL, read=0.1)) == "nothing more came for 0.1 s"
    assert refused(site.url("/dripping"), replace(LOCAL, total=0.3)) == "took longer than 0.3 s"


def test_redirects_share_the_total(site: Site) -> None:
    """Time spent on a redirect is gone for those after it."""

    def slow(handler: BaseHTTPRequestHandler) -> None:
        site.closing.wait(0.15)
        handler.send_response(302)
        handler.send_header("Location", "/")
        handler.end_headers()

    site.pages["/"] = slow
    assert refused(site.url("/"), replace(LOCAL, total=0.4)) == "took longer than 0.4 s"


def test_no_connection_in_time(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A host that does not answer the knock is given up after the connect limit."""
    import httpx

    async def never(*_: object, **__: object) -> None:
        raise httpx.ConnectTimeout("")

    monkeypatch.setattr(httpx.AsyncClient, "send", never)
    assert refused(site.url("/")) == "no connection within 20 s"


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (404, "HTTP 404 Not Found"),
        (500, "HTTP 500 Internal Server Error"),
        (204, "HTTP 204 No Content"),
        (302, "HTTP 302 Found"),
    ],
)
def test_other_answers(site: Site, status: int, said: str) -> None:
    """Any other status, a redirect to nowhere included, is the reason."""
    assert refused(site.put("/", b"", status=status)) == said


def test_redirects_are_bounded(site: Site) -> None:
    """As many redirects as allowed are followed, a loop is not."""
    site.put("/5", "80 GB")
    for i in range(5):
        site.redirect(f"/{i}", f"/{i + 1}")
    assert fetch(site.url("/0"))[0].content == b"80 GB"
    site.redirect("/loop", "/loop")
    assert refused(site.url("/loop")) == f"more than 5 redirects, the last to {site.url('/loop')}"
    assert [path for path, _ in site.asked].count("/loop") == 6


@pytest.mark.parametrize(
    "to", ["http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::ffff:10.0.0.1]/", "http://[::1]/"]
)
def test_a_redirect_to_a_private_address_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch, to: str) -> None:
    """A public page that redirects into a private network is not followed there."""
    monkeypatch.setattr(addresses, "is_public", lambda ip, real=addresses.is_public: ip == "127.0.0.1" or real(ip))
    assert "not a public address" in refused(site.redirect("/", to), replace(LOCAL, allow_local=False))


@pytest.mark.parametrize("to", ["file:///etc/passwd", "ftp://127.0.0.1/", "gopher://x/"])
def test_only_http(site: Site, to: str) -> None:
    """Neither an address nor a redirect of another scheme is followed."""
    for address in (to, site.redirect("/", to)):
        assert refused(address).startswith(f"only http and https are fetched, not '{to.partition(':')[0]}:")


@pytest.mark.parametrize(
    "address",
    ["http://user:password@127.0.0.1/", "http:///path", "http://[::1/", "http://127.0.0.1:99999/", "http://a b/\x00"],
)
def test_addresses_that_are_none(address: str) -> None:
    """Names and passwords in addresses, and what is no address, are refused."""
    assert refused(address).startswith(("no address of a public document", "not an address"))


def test_this_machine_is_refused_unless_allowed(site: Site) -> None:
    """Without --allow-local nothing is asked of a loopback address."""
    assert "--allow-local" in refused(site.put("/", "80 GB"), replace(LOCAL, allow_local=False))
    assert site.asked == []


def test_the_checked_address_is_connected_to(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is resolved once, and the connection goes to what was checked, under the name: a second answer cannot lead elsewhere."""
    asked = []

    def resolver(host: Any, *args: Any, real: Any = socket.getaddrinfo, **kwargs: Any) -> Any:
        if host != "pinned.test":
            return real(host, *args, **kwargs)
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.0.0.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolver)
    site.put("/", "80 GB")
    fetch(f"http://pinned.test:{site.port}/")
    assert (asked, site.asked) == (["pinned.test"], [("/", f"pinned.test:{site.port}")])


def test_the_next_address_is_tried(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the first address of a host refuses, the next one is asked; where all do, that is the reason."""
    found = ["127.0.0.2", "127.0.0.1"]

    async def resolver(*_: object, **__: object) -> list[str]:
        return found

    monkeypatch.setattr("accel_db.verify.fetching.resolve", resolver)
    assert fetch(site.put("/", "80 GB"))[0].content == b"80 GB"
    found.reverse()
    found.remove("127.0.0.1")
    assert refused(site.url("/")).startswith("connect error")


def test_a_connection_that_breaks(site: Site) -> None:
    """A body shorter than announced is no document."""

    def broken(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"80 GB")

    site.pages["/"] = broken
    assert refused(site.url("/")).startswith("remote protocol error: ")


@pytest.mark.parametrize("per_host", [1, 2, 3])
def test_requests_to_one_host_are_limited(site: Site, per_host: int) -> None:
    """As many requests to one host run at once as allowed, and never one more."""
    lock, full, waiting, peak = threading.Lock(), threading.Event(), 0, 0

    def counted(handler: BaseHTTPRequestHandler) -> None:
        nonlocal waiting, peak
        with lock:
            waiting += 1
            peak = max(peak, waiting)
            if waiting >= per_host:
                full.set()
        full.wait(10)
        site.closing.wait(0.02)
        with lock:
            waiting -= 1
        handler.send_response(200)
        handler.end_headers()
        handler.wfile.write(b"80 GB")

    site.pages.update({f"/{i}": counted for i in range(8)})
    assert len(fetch(*(site.url(f"/{i}") for i in range(8)), limits=replace(LOCAL, per_host=per_host))) == 8
    assert peak == per_host
