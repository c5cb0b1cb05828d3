"""/docs and /contracts: everything from our own origin, nothing else from our disk."""

from __future__ import annotations

import re

import pytest

from gateway.publish.operations import KEY_EXAMPLE
from gateway.resources.docs.stock import OWN, swagger_ui
from tests.gateway.conftest import Empty

PAGES = ("/docs", "/docs/events", "/contracts")


@pytest.mark.parametrize("page", PAGES)
def test_page_loads_from_our_own_origin_only(page: str, empty_gateway: Empty) -> None:
    """No outside address in it, a strict policy round it, and everything it links to is there."""
    response = empty_gateway.ask("GET", page)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/html")
    assert "unsafe" not in (policy := response.headers["content-security-policy"])
    assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
    assert not re.search(r"(src|href)=\"(https?:)?//", response.text)
    assert "<style" not in response.text and " style=" not in response.text and "<script>" not in response.text


@pytest.mark.parametrize("page", PAGES)
def test_everything_a_page_links_to_is_there(page: str, empty_gateway: Empty) -> None:
    """Scripts, styles, schemas, other pages."""
    links = set(re.findall(r"(?:src|href)=\"(/[^\"#]*)\"", empty_gateway.ask("GET", page).text))
    assert {link: empty_gateway.ask("GET", link).status_code for link in links} == dict.fromkeys(links, 200)


@pytest.mark.parametrize("page", PAGES)
def test_slash_at_the_end_leads_to_the_page(page: str, empty_gateway: Empty) -> None:
    """People type it."""
    response = empty_gateway.ask("GET", f"{page}/")
    assert (response.status_code, response.headers["location"]) == (301, page)


def test_swagger_ui_asks_nobody_else() -> None:
    """Its own validator at another address is switched off; it reads the document from us."""
    script = (OWN / "try.js").read_text()
    assert "validatorUrl: null" in script
    assert 'url: "/contracts/openapi.json"' in script
    assert "https:" not in script


def test_swagger_ui_reads_openapi_31() -> None:
    """Older bundles refuse the very document that we publish."""
    assert "openapi_3_1" in (swagger_ui() / "swagger-ui-bundle.js").read_text(encoding="utf-8")


def test_page_replaces_the_key_that_the_document_gives_as_example() -> None:
    """Trying twice makes two: the interceptor knows the example."""
    assert f'"{KEY_EXAMPLE}"' in (OWN / "try.js").read_text()


def test_published_file_is_sent_once(empty_gateway: Empty) -> None:
    """Whoever has the present one gets 304."""
    first = empty_gateway.ask("GET", "/contracts/openapi.json")
    assert first.headers["content-type"].startswith("application/json")
    again = empty_gateway.ask("GET", "/contracts/openapi.json", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    ["/docs/assets/__init__.py", "/docs/assets/..%2f__init__.py", "/contracts/..%2fcountries.py", "/contracts/schemas/..%2f../x.json"],
)
def test_nothing_else_on_the_disk_is_served(path: str, empty_gateway: Empty) -> None:
    """Only what is in stock has an address."""
    assert empty_gateway.ask("GET", path).status_code == 404
