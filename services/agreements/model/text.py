"""The canonical text of both agreements: what is read, what is signed, what the SHA-256 is taken of.

It is written in one language, that of the plan, out of the catalogue of all that the system writes; a text in another language would be another text.
Every value that people typed stands indented below its heading, so that nobody can write a line that reads like one of ours.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

from contracts.countries import FOOTNOTES, marked
from contracts.words.catalogue import CATALOGUE

DECIMALS = re.compile(r"(\d+)\.(\d+ (?:EUR|km))")
BASE_FOR, COUNTRY_LETTERS = "base for ", 2
EVIDENCE = ("evidence_travel", "evidence_invoices", "evidence_stay")
DECLARATIONS = ("no_double_funding", "no_conflict", "not_delegated")


def digest(text: str) -> str:
    """The SHA-256 of a text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def commitment_text(
    *, exchange_id: Any, number: int, visitor: dict[str, str], host: dict[str, str], plan: dict[str, Any], days: int, counted: str
) -> str:
    """The commitment to quality in the plan's language; `visitor` and `host` have name, country and partnership, the plan is that of the
    contract in plain JSON.

    `counted` is the method by which the days were counted.
    """
    words = Words(plan["language"])
    say = words.commitment
    return _joined(
        say("title"),
        words.say("all.version", exchange_id=exchange_id, number=number),
        *_section(say("parties"), say("visitor", **_side(visitor)), say("host", **_side(host))),
        *_section(say("stay"), *_stay(words, plan, days, counted)),
        *_section(say("travellers"), *(f"{each['name']}, {each['function']}" for each in plan["travellers"])),
        *_section(say("objectives"), *plan["objectives"]),
        *_section(say("action_plan"), *(_step(words, each) for each in plan["action_plan"])),
        *_section(say("outcomes"), plan["expected_outcomes"]),
        *_section(say("visitors_part"), plan["responsibilities"]["visitor"]),
        *_section(say("hosts_part"), plan["responsibilities"]["host"]),
        *_section(say("notice"), words.say("all.notice"), say("not_delegated")),
        *words.footnotes(visitor["country"], host["country"]),
    )


def financial_text(
    *, language: str, exchange_id: Any, number: int, commitment: tuple[int, str], visitor: dict[str, str], partnership: dict[str, str],
    amount: dict[str, Any], factors: Iterable[dict[str, Any]], payment_days: int, minimum_working_days: int, host_country: str,
) -> str:  # fmt: skip
    """The financial agreement; `commitment` is the number and SHA-256 of the commitment it belongs to, `language` that one's."""
    words, (version, commitment_digest) = Words(language), commitment
    say, sum_agreed = words.financial, CATALOGUE.money(language, amount)
    return _joined(
        say("title"),
        words.say("all.version", exchange_id=exchange_id, number=number),
        *_section(say("visitor"), *_details(words, visitor)),
        *_section(say("partnership"), *_details(words, partnership)),
        *_section(say("subject"), say("commitment", number=version), f"SHA-256 {commitment_digest}"),
        *_section(say("assistance"), say("lump_sum", amount=sum_agreed), *(_factor(words, each) for each in factors)),
        *_section(
            say("payment"), say("one_payment", days=payment_days), say("never_above", amount=sum_agreed),
            say("minimum", days=minimum_working_days),
        ),
        *_section(say("evidence"), *map(say, EVIDENCE)),
        *_section(say("declarations"), *map(say, DECLARATIONS)),
        *_section(say("notice"), words.say("all.notice")),
        *words.footnotes(visitor["country"], partnership["country"], host_country),
    )  # fmt: skip


class Words:
    """The catalogue in one language."""

    def __init__(self, language: str) -> None:
        self.language = language

    def say(self, key: str, /, **values: Any) -> str:
        """The text under that key."""
        return CATALOGUE.say(self.language, key, **values)

    def commitment(self, name: str, /, **values: Any) -> str:
        """A text of the commitment to quality."""
        return self.say(f"commitment.{name}", **values)

    def financial(self, name: str, /, **values: Any) -> str:
        """A text of the financial agreement."""
        return self.say(f"financial.{name}", **values)

    def known(self, kind: str, name: str) -> str:
        """What other services name in English, in this language where there is a word for it."""
        key = f"{kind}.{name}"
        return self.say(key) if CATALOGUE.has(key) else name

    def line(self, name: str, value: Any) -> str:
        """A value under its name."""
        return self.say("all.line", name=name, value=value)

    def value(self, value: str) -> str:
        """A value that another service gave: a sentence that is known, or an amount or length with its decimals."""
        decimals = DECIMALS.fullmatch(value)
        return f"{decimals[1]}{self.say('numbers.decimal')}{decimals[2]}" if decimals else self.known("values", value)

    def day(self, plain: str) -> str:
        """A day of the plan's plain JSON."""
        return CATALOGUE.day(self.language, date.fromisoformat(plain))

    def footnotes(self, *countries: str) -> list[str]:
        """What the asterisks of these countries point to, each once."""
        notes = [self.say(f"footnotes.{country}") for country in FOOTNOTES if country in countries]
        return ["", *notes] if notes else []


def _joined(*lines: str) -> str:
    return "\n".join(lines) + "\n"


def _section(heading: str, *values: str) -> list[str]:
    return ["", heading, *(_indented(value) for value in values)]


def _indented(value: str) -> str:
    # Whatever some reader takes for a line break (a line separator, say) is one here.
    first, *rest = value.splitlines() or [""]
    return "\n".join([f"  - {first}", *(f"    {line}" for line in rest)])


def _side(side: dict[str, str]) -> dict[str, str]:
    return {**side, "country": marked(side["country"])}


def _stay(words: Words, plan: dict[str, Any], days: int, counted: str) -> list[str]:
    say = words.commitment
    return [
        say("first_day", day=words.day(plan["start"])),
        say("last_day", day=words.day(plan["end"])),
        say("travel_days", days="; ".join(map(words.day, plan["travel_days"])) or say("no_travel_days")),
        say("working_days", days=days),
        say("counted_as", method=words.say(f"working_days_methods.{counted}")),
        say("place", place=plan["place"] or say("hosts_seat")),
    ]


def _step(words: Words, step: dict[str, Any]) -> str:
    return words.line(words.day(step["day"]), step["activity"]) if step["day"] else str(step["activity"])


def _details(words: Words, body: dict[str, str]) -> list[str]:
    shown = body | {"country": marked(body["country"])}
    return [words.line(words.say(f"details.{name}"), value) for name, value in shown.items() if value]


def _factor(words: Words, factor: dict[str, Any]) -> str:
    name, value = _factor_name(words, factor["name"]), words.value(factor["value"])
    return words.financial("factor", name=name, value=value, source=words.known("sources", factor["source"]))


def _factor_name(words: Words, name: str) -> str:
    country = name.removeprefix(BASE_FOR)
    if country != name and len(country) == COUNTRY_LETTERS:
        return words.say("factors.base_for", country=marked(country))
    return words.known("factors", name)
