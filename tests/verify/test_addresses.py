"""Only public addresses are fetched from, and a landing page leads to its document."""

from __future__ import annotations

import asyncio
import ipaddress
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accel_db.verify.addresses import Unreached, document_address, is_public, resolve

CLOSED = [
    "10.0.0.0/8",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "100.64.0.0/10",
    "0.0.0.0/8",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "198.18.0.0/15",
    "192.0.2.0/24",
]
FORMS = ("{}", "::ffff:{}", "64:ff9b::{}")


@given(st.sampled_from(CLOSED).flatmap(lambda net: st.ip_addresses(v=4, network=net)), st.sampled_from(FORMS))
def test_closed_addresses(ip: ipaddress.IPv4Address, form: str) -> None:
    """No private, loopback, link-local, shared, multicast or reserved address is public, nor one carried in IPv6."""
    assert not is_public(form.format(ip))
    assert not is_public(str(ipaddress.IPv6Address((0x2002 << 112) | (int(ip) << 80))))


@pytest.mark.parametrize(
    "address",
    [
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd00::1",
        "ff02::1",
        "fec0::1",
        "2001:db8::1",
        "2001:0:7f00:1::1",
        "localhost",
        "",
    ],
)
def test_closed_addresses_of_ipv6(address: str) -> None:
    """Nor is any such of IPv6, or what is no address."""
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"])
def test_open_addresses(address: str) -> None:
    """Addresses on the public Internet are."""
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1", "0x7f000001", "2130706433", "localhost", "::1"])
def test_however_it_is_spelt(host: str) -> None:
    """Every spelling of this machine is refused by what it resolves to, and allowed on demand."""
    with pytest.raises(Unreached, match="not a public address; --allow-local"):
        asyncio.run(resolve(host, 80, allow_local=False))
    assert {ipaddress.ip_address(one).is_loopback for one in asyncio.run(resolve(host, 80, allow_local=True))} == {True}


def test_every_resolved_address_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    """One private address among public ones closes a host; a host without any is none."""
    found = ["8.8.8.8", "10.0.0.1", "8.8.8.8"]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", (ip, 80)) for ip in found])
    with pytest.raises(Unreached, match=r"mixed\.test is at 10\.0\.0\.1"):
        asyncio.run(resolve("mixed.test", 80, allow_local=False))
    assert asyncio.run(resolve("mixed.test", 80, allow_local=True)) == ["8.8.8.8", "10.0.0.1"]
    found.clear()
    with pytest.raises(Unreached, match=r"no such host: mixed\.test"):
        asyncio.run(resolve("mixed.test", 80, allow_local=True))


def test_a_host_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that does not resolve, or cannot, is said so."""

    def fail(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(Unreached, match=r"no such host: gone\.test \(Name or service not known\)"):
        asyncio.run(resolve("gone.test", 80, allow_local=False))


@pytest.mark.parametrize(
    ("address", "document"),
    [
        (
            "https://github.com/o/r/blob/0123abc/docs/a%20b.md#L10",
            "https://raw.githubusercontent.com/o/r/0123abc/docs/a%20b.md",
        ),
        ("https://arxiv.org/abs/2506.12708v2", "https://arxiv.org/pdf/2506.12708v2"),
        ("https://github.com/o/r/issues/1", "https://github.com/o/r/issues/1"),
        ("https://x.example/github.com/o/r/blob/a/b", "https://x.example/github.com/o/r/blob/a/b"),
    ],
)
def test_landing_pages(address: str, document: str) -> None:
    """A file's page on GitHub and an abstract on arXiv lead to the file and the paper; other addresses stay."""
    assert document_address(address) == document
