"""The pages as the gateway serves them: files that were built, one HTML page for every other address, and nothing from elsewhere."""

from __future__ import annotations

import gzip
from pathlib import Path

import falcon.asgi
import falcon.testing
import pytest

from gateway.middleware import Around
from gateway.resources import web

PAGE = b"<!doctype html><title>ClusterXchange</title>"
SCRIPT = b"console.log('a page')" * 50


@pytest.fixture
def client(tmp_path: Path) -> falcon.testing.TestClient:
    """A gateway with nothing but pages, and one address of the API."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_bytes(PAGE)
    (tmp_path / "assets" / "index-1a2b.js").write_bytes(SCRIPT)
    (tmp_path / "icon.svg").write_bytes(b"<svg/>")
    return client_of(tmp_path)


def client_of(folder: Path) -> falcon.testing.TestClient:
    """A gateway that serves the pages of a folder."""
    app = falcon.asgi.App(middleware=[Around()])
    web.add_routes(app, folder)
    return falcon.testing.TestClient(app)


@pytest.mark.parametrize("path", ["/", "/programme", "/registrations/7d1c0a4e-3b52-4a8e-9a55-6a1f0d8b4c01", "/visits", "/documents"])
def test_every_address_that_is_not_the_apis_shows_the_one_page(client: falcon.testing.TestClient, path: str) -> None:
    """Its script knows what the address means."""
    answer = client.simulate_get(path)
    assert (answer.status_code, answer.content) == (200, PAGE)
    assert answer.headers["content-type"].startswith("text/html") and answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1", "/docs/nothing", "/contracts/nothing", "/health/nothing", "/dev/nothing"])
def test_unknown_addresses_of_the_api_are_not_pages(client: falcon.testing.TestClient, path: str) -> None:
    """A program that asks for what is not there must not get a page instead."""
    assert client.simulate_get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/assets/nothing.js",
        "/nothing.js",
        "/assets/../index.html/x.js",
        "/..%2f..%2fREADME.md",
        "/assets/%2e%2e/secret.txt",
        "//",
        "//v1//me",
    ],
)
def test_a_file_that_was_not_built_is_not_found(client: falcon.testing.TestClient, path: str) -> None:
    """Neither one that never was nor one that lies beside the pages."""
    assert client.simulate_get(path).status_code == 404


def test_pages_take_scripts_and_styles_from_this_site_alone(client: falcon.testing.TestClient) -> None:
    """No inline script, no other site, no frame around them."""
    policy = client.simulate_get("/").headers["content-security-policy"]
    assert "script-src 'self';" in policy and "style-src 'self';" in policy and "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy and "http" not in policy


def test_a_file_is_packed_for_who_takes_it_and_kept_for_ever_where_its_name_says_what_it_holds(client: falcon.testing.TestClient) -> None:
    """Plain for whoever takes no gzip."""
    packed = client.simulate_get("/assets/index-1a2b.js", headers={"Accept-Encoding": "br, gzip"})
    assert packed.headers["content-encoding"] == "gzip" and gzip.decompress(packed.content) == SCRIPT
    assert "immutable" in packed.headers["cache-control"]
    plain = client.simulate_get("/assets/index-1a2b.js")
    assert plain.content == SCRIPT and "content-encoding" not in plain.headers
    assert client.simulate_get("/icon.svg").headers["cache-control"] == "no-cache"


def test_who_has_a_page_already_is_told_so(client: falcon.testing.TestClient) -> None:
    """By its ETag."""
    tag = client.simulate_get("/").headers["etag"]
    answer = client.simulate_get("/", headers={"If-None-Match": tag})
    assert (answer.status_code, answer.content) == (304, b"")


def test_pages_are_only_read(client: falcon.testing.TestClient) -> None:
    """Nothing can be sent to them."""
    answer = client.simulate_post("/programme")
    assert answer.status_code == 405 and answer.headers["allow"] == "GET, HEAD"


def test_without_pages_the_one_that_is_shown_says_how_to_build_them(tmp_path: Path) -> None:
    """The API works all the same."""
    answer = client_of(tmp_path / "nothing").simulate_get("/programme")
    assert answer.status_code == 200 and b"make web" in answer.content
