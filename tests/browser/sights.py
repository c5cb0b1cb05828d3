"""What is looked at: every page for everybody who may see it, the steps of the form, and an exchange in each of its states."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.content import Content, batch_of, complaint_of, contact_of, conversation_of, round_of, saved_search_of
from tests.browser.routes import ANYONE, SIGNED_IN, Route, names_in, routes

Address = Callable[[Content], str]
MISSING = "missing"

STEPS = names_in("pages/participant/steps/steps.ts", "STEPS")
PARTS = names_in("pages/exchange/Exchange.svelte", "PARTS")

ADDRESSES: dict[str, Address] = {
    "/partnerships/:id": lambda content: f"/partnerships/{content.played.visitor_office.partnership_id}",
    "/guides/:role": lambda content: "/guides/visitor",
    "/search": lambda content: "/search?text=visit",
    "/confirm": lambda content: "/confirm?secret=made-up",
    "/newsletter/confirmation": lambda content: "/newsletter/confirmation?secret=made-up",
    "/registrations/:id": lambda content: f"/registrations/{content.played.registrations['visitor'].rpartition('/')[2]}",
    "/registrations/draft": lambda content: f"/registrations/{content.ids['draft']}",
    "/organisations/:id/joining": lambda content: f"/organisations/{_organisation(content)}/joining",
    "/catalogue/:id": lambda content: f"/catalogue/{content.played.registrations['host'].rpartition('/')[2]}",
    "/catalogue/comparison": lambda content: f"/catalogue/comparison?with={','.join(map(_last, content.played.registrations.values()))}",
    "/saved-searches/:id": lambda content: f"/saved-searches/{saved_search_of(content)}",
    "/contacts/:id": lambda content: f"/contacts/{contact_of(content)}",
    "/conversations/:id": lambda content: f"/conversations/{conversation_of(content)}",
    "/participations/:id/listing": lambda content: f"/participations/{content.played.registrations['visitor'].rpartition('/')[2]}/listing",
    "/participations/:id/suggestions": lambda content: (
        f"/participations/{_last(content.played.registrations['visitor'])}/suggestions?as=visitor"
    ),
    "/complaints/:id": lambda content: f"/complaints/{complaint_of(content)}",
    "/exchanges/:id": lambda content: f"/exchanges/{content.ids['exchange']}",
    "/exchanges/:id/dossier": lambda content: f"/exchanges/{content.ids['exchange']}/dossier",
    "/payment-batches/:id": lambda content: f"/payment-batches/{batch_of(content)}",
    "/queries/:id": lambda content: f"/queries/{content.ids['query']}",
    "/office/faqs/:id": lambda content: f"/office/faqs/{content.ids['faq']}",
    "/office/announcements/:id": lambda content: f"/office/announcements/{content.ids['announcement']}",
    "/office/partnerships/:id": lambda content: f"/office/partnerships/{content.played.visitor_office.partnership_id}",
    "/desk/rounds/:id": lambda content: f"/desk/rounds/{round_of(content)}",
    "/desk/registrations/:id": lambda content: f"/desk/registrations/{content.ids['submitted_registration']}",
}
"""Where a page needs to be told about what: its address, with something in it."""

VIEWERS = {ANYONE: ("stranger",), SIGNED_IN: ("representative",)}
OTHERS = {"/organisations/:id/joining": ("newcomer",), "/queries/:id": ("newcomer",), "/register": ("stranger",), "/log-in": ("stranger",)}


@dataclass(frozen=True)
class Sight:
    """One page as one viewer sees it; of an exchange that goes on, in the state in which it is then."""

    viewer: str
    path: str
    state: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.viewer, self.path, self.state)))

    def address(self, content: Content) -> str:
        """Where it is."""
        if self.state == MISSING:
            return re.sub(r":\w+", "00000000-0000-4000-8000-000000000000", self.path)
        bare, asked, query = self.path.partition("?")
        address = ADDRESSES[bare](content) if bare in ADDRESSES else bare
        assert ":" not in address, f"tests/browser/sights.py does not know yet what {bare} is to be about"
        return address + asked + query


def pages() -> list[Sight]:
    """Every page for each of the roles that may see it."""
    return [Sight(viewer, route.path) for route in routes() for viewer in _viewers(route)]


def missing() -> list[Sight]:
    """Pages about something that is not there, or not for whoever looks."""
    return [Sight(_viewers(route)[0], route.path, MISSING) for route in routes() if ":" in route.path]


def steps() -> list[Sight]:
    """Every step of the form, with answers as long as they may be."""
    return [Sight("newcomer", f"/registrations/draft?step={step}") for step in STEPS]


def states() -> list[Sight]:
    """The parts of an exchange that a state brings something new to, for those whom it concerns."""
    return [
        *(Sight("representative", f"/exchanges/:id?part={part}", "planning") for part in PARTS),
        Sight("representative", "/exchanges/:id?part=plan", "submitted"),
        Sight("agreements", "/exchanges/:id?part=plan", "submitted"),
        Sight("representative", "/exchanges/:id?part=agreements", "validated"),
        Sight("host", "/exchanges/:id?part=agreements", "signing"),
        Sight("representative", "/exchanges/:id?part=money", "ready"),
        Sight("host", "/exchanges/:id?part=talk", "ready"),
        Sight("representative", "/exchanges/:id", "running"),
        Sight("host", "/exchanges/:id", "ended"),
        Sight("representative", "/exchanges/:id?part=report", "ended"),
        Sight("agreements", "/exchanges/:id?part=report", "report_submitted"),
        Sight("finance", "/exchanges/:id?part=money", "report_submitted"),
        Sight("finance", "/exchanges/:id?part=money", "payable"),
        *(Sight("representative", f"/exchanges/:id?part={part}", "paid") for part in PARTS),
    ]


def _viewers(route: Route) -> tuple[str, ...]:
    return OTHERS.get(route.path) or VIEWERS.get(route.may) or route.may


def _organisation(content: Content) -> str:
    return str(content.played.host.places("representative")[0])


def _last(link: str) -> str:
    return link.rpartition("/")[2]
