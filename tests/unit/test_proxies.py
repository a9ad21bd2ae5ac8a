"""Forwarded headers: whose are believed, and what several values mean."""

import pytest

from troth.proxies import Client, Proxies

PEER = "10.0.0.1"


def client(trusted: list[str], *headers: tuple[str, str], peer: str | None = PEER, scheme: str = "http") -> Client:
    raw = [(name.encode(), value.encode()) for name, value in headers]
    return Proxies(trusted).client_of(
        {"client": None if peer is None else (peer, "1"), "scheme": scheme, "headers": raw}, dict(raw)
    )


def forwarded(value: str) -> tuple[str, str]:
    return "x-forwarded-for", value


def proto(value: str) -> tuple[str, str]:
    return "x-forwarded-proto", value


def test_nobody_is_believed_unless_trusted() -> None:
    for trusted in ([], ["10.0.0.2"], ["192.168.0.0/16"]):
        assert client(trusted, forwarded("1.2.3.4"), proto("https")) == (PEER, False)


@pytest.mark.parametrize("trusted", [["10.0.0.1"], ["10.0.0.0/8"], ["*"], ["::1", "10.0.0.1"]])
def test_a_trusted_proxy_names_the_client_and_its_protocol(trusted: list[str]) -> None:
    assert client(trusted, forwarded("1.2.3.4"), proto("https")) == ("1.2.3.4", True)


def test_each_header_counts_without_the_other() -> None:
    assert client([PEER], forwarded("1.2.3.4")) == ("1.2.3.4", False)
    assert client([PEER], forwarded("1.2.3.4"), scheme="https") == ("1.2.3.4", True)
    assert client([PEER], proto("https")) == (PEER, True)
    assert client([PEER], proto("http"), scheme="https") == (PEER, False)


def test_what_the_client_itself_wrote_is_not_believed() -> None:
    """The client sends `X-Forwarded-For: 6.6.6.6`; the proxy appends the address that it was called from."""
    assert client([PEER], forwarded("6.6.6.6, 1.2.3.4")).address == "1.2.3.4"


def test_a_chain_of_trusted_proxies_is_followed_to_its_client() -> None:
    assert client(["10.0.0.0/8"], forwarded("6.6.6.6, 1.2.3.4, 10.9.9.9")).address == "1.2.3.4"
    assert client(["10.0.0.0/8"], forwarded("10.1.1.1, 10.2.2.2")).address == "10.1.1.1"


def test_several_lines_are_one_list() -> None:
    assert client(["10.0.0.0/8"], forwarded("1.2.3.4"), forwarded("10.9.9.9")).address == "1.2.3.4"


def test_with_everybody_trusted_the_first_address_counts() -> None:
    assert client(["*"], forwarded("1.2.3.4, 5.6.7.8")).address == "1.2.3.4"


@pytest.mark.parametrize(
    ("value", "address"),
    [
        ("[2001:db8::1]:4711", "2001:db8::1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("1.2.3.4:80", "1.2.3.4"),
        (" 1.2.3.4 ,", "1.2.3.4"),
    ],
)
def test_addresses_may_have_ports_and_brackets(value: str, address: str) -> None:
    assert client([PEER], forwarded(value)).address == address


@pytest.mark.parametrize("value", ["", "unknown", "_hidden", "1.2.3.4.5", "1.2.3.4, unknown"])
def test_what_is_no_address_ends_the_list(value: str) -> None:
    assert client([PEER], forwarded(value)).address == PEER


def test_several_protocols_belong_to_the_addresses_beside_them_or_the_last_counts() -> None:
    trusted = ["10.0.0.0/8"]
    assert client(trusted, forwarded("1.2.3.4, 10.9.9.9"), proto("https, http")).secure
    assert not client(trusted, forwarded("1.2.3.4, 10.9.9.9"), proto("http, https")).secure
    assert not client(trusted, forwarded("6.6.6.6, 1.2.3.4"), proto("https, http")).secure
    assert not client(trusted, forwarded("1.2.3.4"), proto("https, http")).secure
    assert client(trusted, forwarded("1.2.3.4"), proto("http"), proto("HTTPS")).secure


def test_a_caller_without_an_address_is_not_trusted_but_by_everybody() -> None:
    assert client(["*"], forwarded("1.2.3.4"), peer=None) == (None, False)
    assert client([PEER], forwarded("1.2.3.4"), peer="testclient").address == "testclient"


@pytest.mark.parametrize("trusted", ["10.0.0.300", "proxy.example.org", "10.0.0.0/40"])
def test_what_is_neither_an_address_nor_a_network_is_refused(trusted: str) -> None:
    with pytest.raises(ValueError, match="does not appear to be"):
        Proxies([trusted])
