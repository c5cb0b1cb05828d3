"""Everything that the system writes, in one language and with values that are no words, as JSON: run where that language is one file more."""

from __future__ import annotations

import json
import re
import sys
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from chassis.bare.texts import VALUE
from contracts.agreements import COMMITMENT, FINANCIAL, PARTIES, WORKING_DAYS_METHODS, Plan
from contracts.identity.accounts import CreateAccount
from contracts.payments import DISTANCE_METHODS
from contracts.words import TOOL_LANGUAGES
from services.agreements.document import page_of
from services.agreements.model.agreement import VALIDATORS, Agreement, Signature, Validation
from services.agreements.model.text import commitment_text, financial_text
from services.identity.mail import PostOffice
from services.identity.model import Mail
from services.identity.telling import TOLD
from services.identity.words import CATALOGUE, days_named, letter, of_mail, told
from services.payments.assistance import Method, Stay, lump_sum
from tests.payments.test_assistance import PT, RULES

NO_WORD = "Ω"
AT = datetime(2027, 3, 2, 9, tzinfo=UTC)
DAY = "2027-03-02"
METHODS = [Method(next(iter(named.values())), NO_WORD) for named in (WORKING_DAYS_METHODS, DISTANCE_METHODS)]
NOT_PRINTED = re.compile(r"<style>.*?</style>|<[^>]+>", re.DOTALL)


def mails(language: str) -> dict[str, str]:
    """Every mail to somebody with a title, as it leaves the house."""
    names = sorted({key.split(".")[1] for key in CATALOGUE.names if key.startswith("mails.")})
    return {name: _posted(language, name) for name in names}


def notices(language: str) -> dict[str, list[str]]:
    """What is told of every event."""
    said = {each.event.slug(): told(language, each.event.slug(), _days(each.event)) for each in TOLD}
    return {name: [words.title, words.text] for name, words in said.items()}


def documents(language: str) -> dict[str, str]:
    """Both agreements with all that stands under them."""
    plan = Plan.read({}) | {
        "start": DAY, "end": DAY, "travel_days": [DAY], "travellers": [{"name": NO_WORD, "function": NO_WORD}], "objectives": [NO_WORD],
        "action_plan": [{"day": DAY, "activity": NO_WORD}, {"day": None, "activity": NO_WORD}], "expected_outcomes": NO_WORD,
        "responsibilities": {"visitor": NO_WORD, "host": NO_WORD}, "place": "", "language": language,
    }  # fmt: skip
    side = {"name": NO_WORD, "country": "XK", "partnership": NO_WORD}
    body = {"acronym": NO_WORD, "name": NO_WORD, "country": "XK"}
    agreed = {"minor": 178_000, "currency": "EUR"}
    factors = [factor | {"source": NO_WORD} for factor in lump_sum(PT, Stay(3, 900_000, NO_WORD, *METHODS), RULES).factors]
    texts = {
        COMMITMENT: commitment_text(
            exchange_id=1, number=1, visitor=side, host=side, plan=plan, days=3, counted="calendar_without_public_holidays"
        ),
        FINANCIAL: financial_text(
            language=language, exchange_id=1, number=1, commitment=(1, "0"), visitor=body, partnership=body, amount=agreed, factors=factors,
            payment_days=10, minimum_working_days=3, host_country="PT",
        ),
    }  # fmt: skip
    return {kind: NOT_PRINTED.sub(" ", page_of(_signed(kind, text, language))) for kind, text in texts.items()}


def _posted(language: str, name: str) -> str:
    values = {value: "7" for part in ("title", "text") for value in VALUE.findall(CATALOGUE.say(language, f"mails.{name}.{part}"))}
    words = of_mail(language, name, **values)
    account: Any = SimpleNamespace(language=language, title="Dr", last_name=NO_WORD)
    mail = Mail(e_mail="7@7.7", title=words.title, text=letter(account, words.text), language=language)
    message = PostOffice._message(SimpleNamespace(_sender="7@7.7", _address="7"), mail)  # type: ignore[arg-type]
    return f"{message['Subject']}\n{message.get_content()}"


def _days(event: Any) -> dict[str, str]:
    return dict.fromkeys(days_named(event.slug(), _AnyDay()), DAY)


class _AnyDay(dict[str, Any]):
    def __missing__(self, name: str) -> Any:
        return AT.date()


def _signed(kind: str, text: str, language: str) -> Agreement:
    agreement = Agreement.begin(kind, 1, 1, text, {}, AT, language)
    ids: dict[str, Any] = {"person_id": None, "name": NO_WORD, "at": AT}
    agreement.validations = [Validation(party=each, partnership_id=None, **ids) for each in VALIDATORS]
    agreement.signatures = [Signature(party=each, place_id=None, text_digest="0", **ids) for each in PARTIES]
    agreement.text_digest = "0"
    return agreement


if __name__ == "__main__":
    spoken = sys.argv[1]
    account = CreateAccount.read(CreateAccount.example | {"language": spoken})
    json.dump(
        {
            "offered": list(TOOL_LANGUAGES), "taken": account["language"], "mails": mails(spoken), "notices": notices(spoken),
            "documents": documents(spoken),
        },
        sys.stdout, ensure_ascii=False,
    )  # fmt: skip
