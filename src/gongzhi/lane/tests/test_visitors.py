"""Whose address is counted when proxies stand in front."""

from ipaddress import ip_network
from typing import Any

import pytest

from gongzhi.lane.visitors import address

OURS = (ip_network("127.0.0.0/8"), ip_network("10.1.0.0/16"))


def scope(peer: str, *forwarded: str) -> dict[str, Any]:
    return {"client": (peer, 1), "headers": [(b"x-forwarded-for", value.encode()) for value in forwarded]}


def test_without_proxies_nobody_is_believed() -> None:
    assert address(scope("203.0.113.9", "198.51.100.1"), ours=()) == "203.0.113.9"
    assert address(scope("127.0.0.1", "198.51.100.1"), ours=()) == "127.0.0.1"


def test_a_stranger_who_claims_to_be_a_proxy_is_counted_himself() -> None:
    assert address(scope("203.0.113.9", "198.51.100.1"), ours=OURS) == "203.0.113.9"


@pytest.mark.parametrize(
    ("forwarded", "expected"),
    [
        (("198.51.100.1",), "198.51.100.1"),
        (("1.2.3.4, 198.51.100.1",), "198.51.100.1"),  # the visitor wrote the first one
        (("1.2.3.4", "198.51.100.1"), "198.51.100.1"),
        (("198.51.100.1, 10.1.2.3",), "198.51.100.1"),  # two proxies of ours
        (("10.1.2.3",), "127.0.0.1"),
        ((), "127.0.0.1"),
        (("nonsense",), "nonsense"),
        (("2001:db8::1",), "2001:db8::1"),
    ],
)
def test_behind_our_proxy_the_last_foreign_address_counts(forwarded: tuple[str, ...], expected: str) -> None:
    assert address(scope("127.0.0.1", *forwarded), ours=OURS) == expected
