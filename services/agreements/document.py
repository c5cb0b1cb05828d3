"""A signed agreement as PDF: the canonical text, and the trail of who validated and signed it.

Everything is printed as text (autoescape), and nothing is fetched from anywhere.
"""

from __future__ import annotations

from functools import partial
from typing import Any, NoReturn

import weasyprint
from jinja2 import Environment, StrictUndefined

from contracts.agreements import COMMITMENT, FINANCIAL
from services.agreements.model import Agreement
from services.agreements.model.text import CATALOGUE

NAMES = {COMMITMENT: "commitment", FINANCIAL: "financial"}
"""Under which name the catalogue speaks of each kind."""

PAGE = """<!doctype html>
<html lang="{{ agreement.language }}">
<head>
<meta charset="utf-8">
<title>{{ title }}</title>
<style>
@page { size: A4; margin: 22mm 20mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt }
  @bottom-left { content: "SHA-256 {{ agreement.text_digest }}"; font-size: 6pt } }
body { font-family: "DejaVu Sans", sans-serif; font-size: 9.5pt; line-height: 1.4 }
pre { font-family: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 }
table { border-collapse: collapse; width: 100%; margin-top: 4mm; page-break-inside: avoid }
th, td { border-bottom: 0.3pt solid #888; padding: 1.5mm; text-align: left; vertical-align: top }
.digest { font-family: monospace; font-size: 6pt; overflow-wrap: anywhere }
</style>
</head>
<body>
<pre>{{ agreement.text }}</pre>
{% if agreement.validations %}
<h2>{{ say("document.validated") }}</h2>
<table>
<tr><th>{{ say("document.for") }}</th><th>{{ say("document.name") }}</th><th>{{ say("document.time") }}</th></tr>
{% for each in agreement.validations %}<tr><td>{{ say("parties." + each.party) }}</td><td>{{ each.name }}</td><td>{{ time(each.at) }}</td></tr>
{% endfor %}</table>
{% endif %}
<h2>{{ say("document.signed") }}</h2>
<table>
<tr><th>{{ say("document.for") }}</th><th>{{ say("document.name") }}</th><th>{{ say("document.time") }}</th><th>{{ say("document.digest") }}</th></tr>
{% for each in agreement.signatures %}<tr><td>{{ say("parties." + each.party) }}</td><td>{{ each.name }}</td><td>{{ time(each.at) }}</td>
<td class="digest">{{ each.text_digest }}</td></tr>
{% endfor %}</table>
<p>{{ say("document.closing") }}</p>
</body>
</html>
"""

TEMPLATE = Environment(autoescape=True, undefined=StrictUndefined).from_string(PAGE)


class OutsideAddress(Exception):
    """A document tried to fetch something: nothing in it may."""


class NothingFetched(weasyprint.URLFetcher):
    """Fetches nothing, from nowhere."""

    def fetch(self, url: str, headers: Any = None) -> NoReturn:
        """Refuse every address."""
        raise OutsideAddress(url)


def page_of(agreement: Agreement) -> str:
    """The agreement as HTML in the language of its text, before it becomes a PDF."""
    say = partial(CATALOGUE.say, agreement.language)
    title = say("document.title", kind=say(f"{NAMES[agreement.kind]}.name"), number=agreement.number)
    return TEMPLATE.render(agreement=agreement, title=title, say=say, time=partial(CATALOGUE.moment, agreement.language))


def render(agreement: Agreement) -> bytes:
    """The agreement as PDF (about a second of CPU: worker process only)."""
    return bytes(weasyprint.HTML(string=page_of(agreement), url_fetcher=NothingFetched()).write_pdf())
