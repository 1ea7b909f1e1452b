"""Which addresses may be fetched, and from where: http(s) only, and no machine that is not on the public Internet.

Every address a name resolves to is checked, and the connection goes to a checked address, not to the name again.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket

from accel_db.words.errors import AccelError


class Unreached(AccelError):
    """A document that could not be fetched. ``message`` says why."""

    exit_code = 1
    code = "unreachable"


NAT64 = ipaddress.ip_network("64:ff9b::/96")
"""Where networks without IPv4 show the IPv4 Internet: an address there is what it carries."""
DOCUMENTS = (
    (
        re.compile(r"https://github\.com/([^/]+/[^/]+)/(?:blob|raw)/([^?#]+)(?:[?#].*)?"),
        r"https://raw.githubusercontent.com/\1/\2",
    ),
    (re.compile(r"https?://(?:www\.)?arxiv\.org/abs/([^?#]+)"), r"https://arxiv.org/pdf/\1"),
)
"""Landing pages that show a document without containing its text, and where the document itself is."""


def document_address(address: str) -> str:
    """The address of the document itself, where ``address`` is that of a page around it."""
    for pattern, document in DOCUMENTS:
        if pattern.fullmatch(address):
            return pattern.sub(document, address)
    return address


def is_public(address: str) -> bool:
    """Whether an IP address is on the public Internet; so must be one that it carries within (IPv4 in IPv6)."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    carried: tuple[ipaddress.IPv4Address | None, ...] = ()
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in NAT64:
            return _open(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
        if ip.ipv4_mapped:
            return _open(ip.ipv4_mapped)
        carried = (ip.sixtofour, *(ip.teredo or ()))
    return _open(ip) and all(_open(one) for one in carried if one is not None)


def _open(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    site_local = isinstance(ip, ipaddress.IPv6Address) and ip.is_site_local
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified or site_local)


async def resolve(host: str, port: int, *, allow_local: bool) -> list[str]:
    """The IP addresses of a host, all checked. Raises `Unreached` when one of them is not public."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError, OverflowError) as error:
        raise Unreached(f"no such host: {host} ({getattr(error, 'strerror', None) or error})") from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    closed = [address for address in addresses if not is_public(address)]
    if closed and not allow_local:
        raise Unreached(f"{host} is at {closed[0]}, not a public address; --allow-local fetches it all the same")
    if not addresses:
        raise Unreached(f"no such host: {host}")
    return addresses
