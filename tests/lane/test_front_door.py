"""What the public port hands to the web process, and what it serves itself."""

import gzip
import http.client
import json
import socket

import pytest
import requests

from tests.lane.conftest import Door

pytestmark = pytest.mark.embedded


def raw(door: Door, *lines: str, body: bytes = b"") -> bytes:
    """Exactly these bytes, and all that comes back."""
    with socket.create_connection(("127.0.0.1", door.town.port), timeout=15) as connection:
        connection.sendall("\r\n".join((*lines, "", "")).encode("latin-1") + body)
        found = b""
        while chunk := connection.recv(65_536):
            found += chunk
        return found


def status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


def test_pages_come_through_with_their_headers(door: Door) -> None:
    answer = requests.get(f"{door.url}/sign-in/", headers={"Accept": "text/html"}, timeout=30)
    assert answer.status_code == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Type"].startswith("text/html")
    assert "<html" in answer.text


def test_a_head_is_the_get_without_its_body(door: Door) -> None:
    for path in ("/sign-in/", "/livez", "/static/dist/manifest.json", "/ledger/checkpoint", "/nothing"):
        read = requests.get(door.url + path, timeout=30)
        head = requests.head(door.url + path, timeout=30)
        assert (head.status_code, head.content) == (read.status_code, b""), path
        assert head.headers.get("Content-Type") == read.headers.get("Content-Type"), path


def test_a_big_body_comes_through_whole(door: Door) -> None:
    headers = {"Authorization": f"Bearer {door.token}"}
    content = b"%PDF-1.7\n0123456" * 65_536 * 2  # two MiB
    begun = requests.post(
        f"{door.url}/api/v1/files/uploads",
        json={"name": "a.pdf", "size_bytes": len(content)},
        headers=headers,
        timeout=30,
    )
    assert begun.status_code == 201, begun.text
    upload = begun.json()
    piece = 512 * 1024
    for offset in range(0, len(content), piece):
        put = requests.put(
            f"{door.url}/api/v1/files/uploads/{upload['id']}/bytes",
            params={"offset": offset},
            data=content[offset : offset + piece],
            headers={**headers, "Upload-Token": upload["token"], "Expect": "100-continue"},
            timeout=60,
        )
        assert put.status_code == 200, put.text
    assert put.json()["received_bytes"] == len(content)


def test_a_body_without_its_length_is_refused(door: Door) -> None:
    answer = requests.post(f"{door.url}/api/v1/reports", data=iter([b"{}"]), timeout=30)
    assert answer.status_code == 411
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_visitor_cannot_forge_the_address_it_comes_from(door: Door) -> None:
    """Otherwise every limit per network would be none."""
    statuses = []
    for n in range(25):
        forged = {
            "X-Forwarded-For": f"10.9.8.{n}",
            "Forwarded": f"for=10.9.8.{n}",
            "X-Real-IP": f"10.9.8.{n}",
        }
        answer = requests.post(
            f"{door.url}/api/v1/reports/ABC/following", json={"code": "x"}, headers=forged, timeout=30
        )
        statuses.append(answer.status_code)
    assert statuses[-1] == 429


def test_a_visitor_cannot_forge_https_or_another_host(door: Door) -> None:
    answer = requests.get(
        f"{door.url}/open311/v2/discovery.json",
        headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"},
        timeout=30,
    )
    assert answer.json()["endpoints"][0]["url"].startswith("http://127.0.0.1:")
    wrong = requests.get(
        f"{door.url}/open311/v2/discovery.json", headers={"Host": "evil.example"}, timeout=30
    )
    assert 400 <= wrong.status_code < 500


def test_headers_of_one_connection_stay_there(door: Door) -> None:
    answer = raw(
        door,
        "GET /api/v1/matters HTTP/1.1",
        f"Host: 127.0.0.1:{door.town.port}",
        f"Authorization: Bearer {door.token}",
        "Connection: close, X-Mine, Host",
        "X-Mine: 1",
        "Keep-Alive: timeout=5",
        "Upgrade: websocket",
        "TE: trailers",
    )
    assert status(answer) == 200
    head = answer.split(b"\r\n\r\n")[0].lower()
    assert b"keep-alive" not in head
    assert b"upgrade" not in head


@pytest.mark.parametrize(
    "target",
    ["//evil.example/", "/%2e%2e/%2e%2e/", "/a%00b", "/%ff%fe", "/@evil", "/?%zz", "/desk/../../x", "/\xe4"],
)
def test_no_target_breaks_the_door(door: Door, target: str) -> None:
    answer = raw(door, f"GET {target} HTTP/1.1", f"Host: 127.0.0.1:{door.town.port}", "Connection: close")
    assert 200 <= status(answer) < 500
    assert status(answer) != 503


def test_two_lengths_or_a_length_and_chunks_are_not_believed(door: Door) -> None:
    smuggled = b"0\r\n\r\nGET /livez HTTP/1.1\r\nHost: x\r\n\r\n"
    for doubtful in (
        ("Content-Length: 5", "Content-Length: 6"),
        (f"Content-Length: {len(smuggled)}", "Transfer-Encoding: chunked"),
    ):
        answer = raw(
            door,
            "POST /api/v1/reports HTTP/1.1",
            f"Host: 127.0.0.1:{door.town.port}",
            "Connection: close",
            *doubtful,
            body=smuggled,
        )
        assert answer.count(b"HTTP/1.1 ") <= 1
        assert not answer or 400 <= status(answer) < 500


def test_answers_may_be_many_on_one_connection(door: Door) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", door.town.port, timeout=30)
    for path in ("/livez", "/nothing", "/sign-in/", "/lane/livez", "/livez"):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert answer.read()
        assert answer.status in (200, 404), path
    connection.close()


def test_problems_of_the_api_are_problems_also_for_unknown_addresses_and_methods(door: Door) -> None:
    for method, path, expected in (("GET", "/api/v1/nothing", 404), ("PUT", "/api/v1/reports", 405)):
        answer = requests.request(method, door.url + path, timeout=30)
        assert answer.status_code == expected
        assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    "path",
    [
        "/static/dist/../../../config/settings.py",
        "/static/dist/%2e%2e/%2e%2e/config/settings.py",
        "/static/dist/..%2f..%2f..%2fconfig/settings.py",
        "/static/dist//etc/passwd",
        "/static/dist/%00",
        "/static/dist/" + "x" * 3_000,
        "/static/dist/",
        "/ledger/tile/../../keys/session.json",
        "/ledger/tile/%2e%2e/%2e%2e/keys/session.json",
        "/ledger/tile/..%2f..%2fkeys%2fsession.json",
    ],
)
def test_files_outside_of_the_folder_do_not_exist(door: Door, path: str) -> None:
    answer = raw(door, f"GET {path} HTTP/1.1", f"Host: 127.0.0.1:{door.town.port}", "Connection: close")
    assert status(answer) == 404, answer[:200]
    assert b"root:" not in answer
    assert b"secret" not in answer.lower()


def test_built_files_are_kept_by_browsers_and_read_only(door: Door) -> None:
    manifest = requests.get(f"{door.url}/static/dist/manifest.json", timeout=30)
    if manifest.status_code == 404:
        pytest.skip("the front end is not built")
    assert manifest.headers["Cache-Control"] == "no-cache"
    file = next(entry["file"] for entry in manifest.json().values() if entry["file"].startswith("assets/"))
    found = requests.get(f"{door.url}/static/dist/{file}", timeout=30)
    assert found.status_code == 200
    assert "immutable" in found.headers["Cache-Control"]
    assert requests.post(f"{door.url}/static/dist/{file}", timeout=30).status_code == 405


def test_the_checkpoint_is_text_and_the_tiles_are_kept(door: Door) -> None:
    door.report({"text": "路灯不亮"})
    checkpoint = requests.get(f"{door.url}/ledger/checkpoint", timeout=30)
    assert checkpoint.headers["Content-Type"].startswith("text/plain")
    assert checkpoint.headers["Cache-Control"] == "no-cache"
    assert int(checkpoint.text.splitlines()[1]) > 0


def test_a_body_that_web_compressed_arrives_as_it_was(door: Door) -> None:
    answer = raw(
        door,
        "GET /api/v1/openapi.json HTTP/1.1",
        f"Host: 127.0.0.1:{door.town.port}",
        "Accept-Encoding: gzip",
        "Connection: close",
    )
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"content-encoding: gzip" in head.lower():
        body = gzip.decompress(body)
    assert json.loads(body)["openapi"].startswith("3.")
