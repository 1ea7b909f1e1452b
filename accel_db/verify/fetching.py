"""Fetches one document over http(s), within limits of time, size, redirects and requests to one host.

It connects to checked addresses only, trusts no proxy or netrc of the environment, and reads no document.
"""

from __future__ import annotations

import asyncio
import zlib
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accel_db import __version__
from accel_db.verify.addresses import Unreached, resolve

if TYPE_CHECKING:
    import httpx

REDIRECTS = (301, 302, 303, 307, 308)
HEADERS = {
    "User-Agent": f"accel-db/{__version__} (accel verify)",
    "Accept": "text/html, application/pdf, text/*;q=0.9, */*;q=0.5",
    "Accept-Encoding": "gzip, deflate",
    "Accept-Language": "en, *;q=0.5",
}
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Limits:
    """What a run may cost: seconds, bytes after decompression, redirects, requests at once in all and to one host."""

    connect: float = 10.0
    read: float = 20.0
    total: float = 60.0
    size: int = 32 * MEGABYTE
    redirects: int = 5
    at_once: int = 16
    per_host: int = 2
    allow_local: bool = False


@dataclass(frozen=True)
class Fetched:
    """A document as it came: decompressed bytes, the address it came from in the end, and what the server says it is."""

    address: str
    content: bytes
    content_type: str
    charset: str | None


class Fetcher:
    """Fetches documents, many at once. Use as ``async with``."""

    def __init__(self, limits: Limits) -> None:
        import httpx

        self.limits = limits
        self.all = asyncio.Semaphore(limits.at_once)
        self.hosts: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(limits.per_host))
        # Connections are not kept: they are made to an IP address, and another name at that address is another server.
        self.client = httpx.AsyncClient(
            timeout=httpx.Timeout(limits.read, connect=limits.connect, pool=None),
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=0),
            headers=HEADERS,
            trust_env=False,
        )

    async def __aenter__(self) -> Fetcher:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.client.aclose()

    async def fetch(self, address: str) -> Fetched:
        """A document, redirects followed. Raises `Unreached` with the reason in words."""
        import httpx

        left = self.limits.total
        for _ in range(self.limits.redirects + 1):
            url = _checked(address)
            async with self.hosts[url.host], self.all:
                started = asyncio.get_running_loop().time()
                try:
                    async with asyncio.timeout(left):
                        answer = await self._ask(url)
                except TimeoutError:
                    raise Unreached(f"took longer than {self.limits.total:g} s") from None
                except httpx.TimeoutException as error:
                    raise Unreached(_waited(error, self.limits)) from None
                except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError) as error:
                    raise Unreached(f"{_name(error)}: {error}" if str(error) else _name(error)) from None
                left -= asyncio.get_running_loop().time() - started
            if isinstance(answer, Fetched):
                return answer
            address = answer
        raise Unreached(f"more than {self.limits.redirects} redirects, the last to {address[:200]}")

    async def _ask(self, url: httpx.URL) -> Fetched | str:
        """One request: a document, or the address it redirects to. Tries the next address of a host that refuses."""
        import httpx

        port = url.port or (443 if url.scheme == "https" else 80)
        addresses = await resolve(url.host, port, allow_local=self.limits.allow_local)
        for ip in addresses[:-1]:
            try:
                return await self._ask_at(url, ip)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue
        return await self._ask_at(url, addresses[-1])

    async def _ask_at(self, url: httpx.URL, ip: str) -> Fetched | str:
        """One request to one checked IP address, under the host's own name, which its certificate must have."""
        request = self.client.build_request(
            "GET",
            url.copy_with(host=ip, fragment=None),
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode("ascii")},
        )
        response = await self.client.send(request, stream=True)
        try:
            if response.status_code in REDIRECTS and "location" in response.headers:
                return str(url.join(response.headers["location"]))
            if response.status_code != 200:
                raise Unreached(f"HTTP {response.status_code} {response.reason_phrase}".strip())
            content = await self._body(response)
        finally:
            await response.aclose()
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Fetched(str(url), content, kind, response.charset_encoding)

    async def _body(self, response: httpx.Response) -> bytes:
        """The body, decompressed here so that no more than the limit is ever unpacked."""
        coding = response.headers.get("content-encoding", "identity").strip().lower()
        inflater = _inflater(coding)
        body = bytearray()
        async for chunk in response.aiter_raw():
            most = self.limits.size + 1 - len(body)
            try:
                body += inflater.decompress(chunk, most) if inflater else chunk[:most]
            except zlib.error as error:
                raise Unreached(f"its {coding} is broken: {error}") from None
            if len(body) > self.limits.size:
                raise Unreached(f"larger than {self.limits.size / MEGABYTE:g} MB")
        if inflater and not inflater.eof:
            raise Unreached(f"its {coding} is broken: it ends too early")
        return bytes(body)


def _checked(address: str) -> httpx.URL:
    """An address as a URL that may be asked for."""
    import httpx

    try:
        url = httpx.URL(address)
    except (httpx.InvalidURL, ValueError) as error:
        raise Unreached(f"not an address: {error}") from None
    if url.scheme not in ("http", "https"):
        raise Unreached(f"only http and https are fetched, not {address[:200]!r}")
    if not url.host or url.userinfo or (url.port or 0) > 65535:
        raise Unreached(f"no address of a public document: {address[:200]!r}")
    return url


def _inflater(coding: str) -> zlib._Decompress | None:
    """What unpacks a body piece by piece; None for one that is not packed."""
    if coding in ("", "identity"):
        return None
    if coding in ("gzip", "x-gzip", "deflate"):
        # 32 over the window's size: gzip or zlib, whichever the data begins as.
        return zlib.decompressobj(wbits=zlib.MAX_WBITS | 32)
    raise Unreached(f"packed as {coding[:40]!r}, which was not asked for")


def _waited(error: httpx.TimeoutException, limits: Limits) -> str:
    import httpx

    if isinstance(error, httpx.ConnectTimeout):
        return f"no connection within {limits.connect:g} s"
    return f"nothing more came for {limits.read:g} s"


def _name(error: Exception) -> str:
    """The kind of an error in words: ``ConnectError`` is ``connect error``."""
    return "".join(" " + char.lower() if char.isupper() else char for char in type(error).__name__).strip()
