"""The one outbound client: where it goes, where it never goes, and that nobody keeps it waiting."""

import contextlib
import ipaddress
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongzhi.exchange import addresses, outbound
from gongzhi.exchange.outbound import Failed, Forbidden
from gongzhi.kernel.refusals import Invalid

# Addresses inside, in every clothing: the name of a host resolves to them.
INSIDE = [
    "127.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "172.16.0.1",  # noqa: S104
    "172.31.255.255", "192.168.0.1", "192.168.255.255", "169.254.0.1", "169.254.169.254", "169.254.170.2",
    "100.64.0.1", "100.127.255.255", "100.100.100.200", "192.0.0.1", "192.0.0.170", "192.0.2.1", "192.88.99.1",
    "198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1",
    "255.255.255.255", "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254",
    "::ffff:0:127.0.0.1", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd00::1", "fd12:3456::1", "fd00:ec2::254",
    "ff02::1", "ff0e::1", "100::1", "2001:db8::1", "2001::1", "2001:10::1", "2001:20::1", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2002:a9fe:a9fe::1",
    "2002:c0a8:1::1", "2001:0:7f00:1::", "2001:0:a00:1:0:0:f5ff:fffe", "3fff::1", "5f00::1", "4000::1", "::2",
]  # fmt: skip

# What nobody may even write.
ODD = [
    "", " ", "x", "//example.org/", "/path", "http://example.org/", "HTTP://example.org/", "ftp://example.org/",
    "file:///etc/passwd", "gopher://127.0.0.1:6379/_INFO", "dict://127.0.0.1:11211/", "ldap://127.0.0.1/",
    "data:text/plain,x", "javascript:alert(1)", "jar:https://example.org!/", "ws://example.org/", "unix:/run/x.sock",
    "https://", "https:///x", "https://:443/", "https://@/", "https://user@example.org/", "https://a:b@example.org/",
    "https://example.org@127.0.0.1/", "https://127.0.0.1#@example.org/", "https://127.0.0.1\\@example.org/",
    "https://example.org\\.evil.org/", "https://example.org/#x", "https://example.org:22/", "https://example.org:80/",
    "https://example.org:6379/", "https://example.org:0/", "https://example.org:65536/", "https://example.org:-1/",
    "https://example.org:4 43/", "https://example.org:x/", "https://exa mple.org/", "https://example.org/a b",
    "https://example.org/\r\nHost: x", "https://example.org/\x00", "https://example.org\n/", "https://example.org\t/",
    "https://[::1/", "https://[::1%25lo]/", "https://[fe80::1%25eth0]/", "https://[v1.x]/", "https://%31%32%37.0.0.1/",
    "https://例子.中国/", "https://ⓔxample.org/", "https://127。0。0。1/", "https://１２７.0.0.1/", "https://-a.org/",
    "https://a-.org/", "https://a..org/", "https://.org/", "https://a_b.org/", "https://*.org/", "https://a,b.org/",
    "https://$(id).org/", "https://`id`.org/", "https://a'b.org/", "https://" + "a" * 64 + ".org/",
    "https://example.org/" + "a" * 2000,
]  # fmt: skip

# Literal hosts that a resolver takes for inside addresses.
LITERAL = [
    "https://127.0.0.1/", "https://127.1/", "https://2130706433/", "https://0x7f000001/", "https://0x7f.1/",
    "https://017700000001/", "https://0177.0.0.1/", "https://0/", "https://0.0.0.0/", "https://localhost/",
    "https://LOCALHOST/", "https://localhost./", "https://10.0.0.1/", "https://192.168.1.1:8443/", "https://[::1]/",
    "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[0:0:0:0:0:0:0:1]/",
    "https://169.254.169.254/latest/meta-data/", "https://2852039166/", "https://0xA9FEA9FE/", "https://100.100.100.200/",
]  # fmt: skip


def test_there_are_at_least_a_hundred_hostile_addresses():
    assert len(set(INSIDE)) + len(set(ODD)) + len(set(LITERAL)) >= 140


def resolver(*found):
    return lambda host, port: [ipaddress.ip_address(a) for a in found]


@pytest.fixture(autouse=True)
def no_exceptions(monkeypatch):
    monkeypatch.delenv("GONGZHI_OUTBOUND_ALLOW", raising=False)


@pytest.mark.parametrize("address", INSIDE)
def test_a_name_that_leads_inside_is_never_called(address):
    for answers in ([address], ["93.184.216.34", address], [address, "93.184.216.34"]):
        with pytest.raises(Forbidden):
            outbound.judge("https://hook.example.org/", resolve=resolver(*answers))


@pytest.mark.parametrize("url", ODD)
def test_an_odd_address_is_refused_before_anything_is_resolved(url):
    def never(host, port):
        raise AssertionError("resolved")

    with pytest.raises(Invalid):
        outbound.judge(url, resolve=never)


@pytest.mark.parametrize("url", LITERAL)
def test_a_literal_inside_address_is_not_called(url):
    with pytest.raises((Forbidden, Invalid, Failed)):
        outbound.judge(url)


@pytest.mark.parametrize(
    "url", ["https://hook.example.org/a?b=c", "https://hook.example.org:8443", "https://A.B/"]
)
def test_a_public_name_is_called_at_the_very_address_that_was_judged(url):
    target, address = outbound.judge(url, resolve=resolver("93.184.216.34", "2606:2800:220:1::1"))
    assert str(address) == "93.184.216.34"
    assert target.path.startswith("/")


def test_a_name_is_resolved_once_so_that_a_second_answer_cannot_lead_inside(monkeypatch):
    asked, called = [], []

    def rebinding(host, port):
        asked.append(host)
        return [ipaddress.ip_address("93.184.216.34" if len(asked) == 1 else "127.0.0.1")]

    def connect(address, timeout):
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(outbound.socket, "create_connection", connect)
    with pytest.raises(Failed):
        outbound.post("https://hook.example.org/", body=b"{}", headers={}, resolve=rebinding)
    assert (len(asked), called) == (1, [("93.184.216.34", 443)])


@given(st.integers(0, 2**32 - 1))
def test_no_private_ipv4_is_public_in_any_clothing(number):
    plain = ipaddress.IPv4Address(number)
    for clothing in (0xFFFF << 32, 0x64FF9B << 96):
        dressed = ipaddress.IPv6Address(clothing | number)
        assert addresses.is_public(dressed) <= addresses.is_public(plain)
    if plain.is_private or plain.is_loopback or plain.is_multicast:
        assert not addresses.is_public(plain)


class Receiver(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, dict(self.headers), body))
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/inside")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            for _ in range(100):
                self.wfile.write(b"x")
                self.wfile.flush()
                if self.server.stopped.wait(0.1):
                    return
        else:
            data = b"y" * 100_000
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            with contextlib.suppress(OSError):
                self.wfile.write(data)

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.seen, server.stopped, server.daemon_threads = [], threading.Event(), True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("GONGZHI_OUTBOUND_ALLOW", f"127.0.0.1/32:{server.server_port}")
    yield server
    server.stopped.set()
    server.shutdown()
    server.server_close()


def test_the_operators_exception_allows_one_network_and_port_only(server):
    assert outbound.post(server.url + "/a", body=b"{}", headers={"X-A": "b"}).status == 200
    assert server.seen[0][2] == b"{}"
    for url in ("http://127.0.0.1:1/", "http://127.0.0.2:8080/", "http://localhost.example.org/"):
        with pytest.raises((Forbidden, Failed)):
            outbound.post(url, body=b"", headers={})
    with pytest.raises(Forbidden):
        outbound.judge("http://hook.example.org/", resolve=resolver("93.184.216.34"))


def test_a_redirect_is_an_answer_and_is_not_followed(server):
    assert outbound.post(server.url + "/away", body=b"{}", headers={}).status == 302
    assert len(server.seen) == 1


def test_a_long_answer_is_cut(server):
    assert len(outbound.post(server.url + "/long", body=b"{}", headers={}).body) == outbound.ANSWER_BYTES_MAX


def test_a_dripping_answer_is_ended_in_time(server):
    start = time.monotonic()
    with pytest.raises(Failed, match="timeout"):
        outbound.post(server.url + "/drip", body=b"{}", headers={}, timeout_seconds=0.4)
    assert time.monotonic() - start < 2


def test_proxies_of_the_environment_are_not_used(server, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert outbound.post(server.url + "/a", body=b"{}", headers={}).status == 200


def test_a_header_cannot_start_another_one(server):
    with pytest.raises(Failed):
        outbound.post(server.url, body=b"", headers={"X": "a\r\nY: b"})
    assert server.seen == []


def test_the_certificate_of_the_name_is_demanded(server, monkeypatch):
    with pytest.raises(Failed):
        outbound.post(server.url.replace("http:", "https:"), body=b"{}", headers={})


@pytest.mark.parametrize(
    ("text", "count"), [("", 0), ("127.0.0.1", 1), ("10.0.0.0/8, [fd00::]/8:8443, ::1", 3)]
)
def test_exceptions_are_read(text, count):
    assert len(addresses.exceptions(text)) == count


@pytest.mark.parametrize("text", ["all", "10.0.0.0/99", "example.org", "10.0.0.1/8"])
def test_a_wrong_exception_is_refused_loudly(text):
    with pytest.raises(ValueError):
        addresses.exceptions(text)
