"""The play itself: the acts from the account to the payment, in order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from functools import partial
from typing import Any

import httpx

from deploy.local.exchange.cast import Group, Representative
from deploy.local.exchange.dates import Dates, until
from deploy.local.exchange.stage import Act, Stage, by_both, by_hosts, by_office, by_office_at_once, by_office_list, by_visitors
from deploy.local.people.acts import agreeing, matching, paying, registering, staying
from deploy.local.people.acts.agreeing import COMMITMENT, FINANCIAL
from deploy.local.people.entrance import wait_for
from deploy.local.people.person import Person


def play(stage: Stage, dates: Dates) -> None:
    """From nothing to paid, act by act; the clock moves when everybody has finished."""
    for act in (*_registering(dates), *_matching(), *_agreeing(dates)):
        stage.play(act)
    _move_clock(stage, dates.monday)
    for act in _staying():
        stage.play(act)
    _move_clock(stage, dates.friday)
    for act in (*_leaving(), *_paying(stage)):
        stage.play(act)


def is_paid(representative: Representative) -> bool:
    """Whether the visitor's own list shows its one payment as paid."""
    payments = list(representative.person.all("/v1/payments"))
    return [each["state"] for each in payments] == ["paid"]


def _move_clock(stage: Stage, day: date) -> None:
    """Move on to that day; where it is not known whether the clock moved, the clock itself says it."""
    while (now := datetime.fromisoformat(stage.entrance.now())).date() < day:
        with suppress(httpx.TransportError):
            stage.entrance.advance(until(day, now))


def _registering(dates: Dates) -> Iterator[Act]:
    yield by_both("get an account", lambda one: registering.get_account(one.person, one.profile.legal_name, one.profile.country))
    yield by_both("fill in the registration", lambda one: _fill_in(one, dates))
    yield by_both("submit the registration", lambda one: registering.submit(one.person, _own_link(one)))
    yield by_office("assess the registrations", _desks, "registration_submitted", registering.assess)
    yield by_both("hear of the acceptance", _hear_of_acceptance)


def _matching() -> Iterator[Act]:
    yield by_visitors("ask the best match for a contact", _ask_best_match)
    yield by_hosts("accept the contact", _accept_contact)
    yield by_visitors("propose an exchange", _propose)
    yield by_hosts("confirm the exchange", lambda one: one.person.post(f"{one.person.told('match_proposed')}/proposal/confirmation"))
    yield by_visitors("ask the support office", _send_query)
    yield by_office_at_once("answer queries", lambda group: group.support_officer, _answer_queries)
    yield by_visitors("read the answer", lambda one: one.person.mail(f"Answer: {_subject(one)}"))


def _agreeing(dates: Dates) -> Iterator[Act]:
    yield by_visitors("write the commitment to quality", lambda one: _write_plan(one, dates))
    yield by_hosts("add the host's responsibilities", _add_responsibilities)
    yield by_visitors("submit the commitment", lambda one: agreeing.submit_plan(one.person, _own_exchange(one)))
    yield by_office("validate the commitment", _desks, "commitment_submitted", agreeing.validate)
    yield by_both("sign the commitment", lambda one: agreeing.sign(one.person, one.person.told("commitment_validated"), COMMITMENT))
    sign_commitment = partial(_sign, COMMITMENT)
    # Who validated last is not told of the own deed, and finds the text in the list.
    yield by_office_list("sign the commitment for the partnership", _desks, "/v1/exchanges", "sign_commitment", sign_commitment)
    yield by_visitors("sign the financial agreement, give the account", _sign_financial)
    yield by_office(
        "sign the financial agreement",
        _visitor_desk,
        "financial_agreement_drafted",
        lambda desk, link: agreeing.sign(desk, link, FINANCIAL),
    )


def _staying() -> Iterator[Act]:
    yield by_hosts("confirm the arrival", lambda one: staying.confirm_arrival(one.person, one.person.told("exchange_ready")))


def _leaving() -> Iterator[Act]:
    yield by_visitors("confirm the departure", lambda one: staying.confirm_departure(one.person, one.person.told("exchange_started")))
    yield by_hosts("confirm the days and rate", _confirm_days)
    yield by_visitors("write the closing report", _report)
    yield by_visitors("upload the evidence", lambda one: paying.upload_evidence(one.person, _own_exchange(one), one.profile))
    yield by_office("validate the report", _visitor_desk, "report_submitted", staying.validate_report)
    yield by_office("accept the evidence", _paying_officer, "evidence_uploaded", paying.accept_evidence)


def _paying(stage: Stage) -> Iterator[Act]:
    yield by_office_list("propose the payment", _paying_officer, "/v1/payments", "propose", _propose_payment, state="payable")
    yield by_office("approve the payment", lambda group: [group.support_officer], "payment_proposed", _approve_payment)
    yield by_office_at_once("export and pay", lambda group: group.paying_officer, _export_and_pay)
    yield by_visitors("hear of the payment", lambda one: one.person.follow(one.person.link_in_mail("The assistance is paid")))


def _sign(kind: str, person: Person, exchange: str) -> None:
    agreeing.sign(person, exchange, kind)


def _desks(group: Group) -> list[Person]:
    return [group.visitor_desk, group.host_desk]


def _visitor_desk(group: Group) -> list[Person]:
    return [group.visitor_desk]


def _paying_officer(group: Group) -> list[Person]:
    return [group.paying_officer]


def _fill_in(one: Representative, dates: Dates) -> None:
    partnership = registering.partnership_called(one.person, one.acronym)
    registering.fill_in(one.person, one.profile, partnership, dates.window)


def _own_link(one: Representative) -> str:
    return f"/v1/registrations/{registering.own_registration(one.person)['participation_id']}"


def _own_exchange(one: Representative) -> str:
    (found,) = one.person.all("/v1/exchanges")
    return f"/v1/exchanges/{found['exchange_id']}"


def _hear_of_acceptance(one: Representative) -> None:
    registration = one.person.follow(one.person.link_in_mail("Your registration was accepted")).body
    assert registration["state"] == "accepted", registration["state"]


def _ask_best_match(one: Representative) -> None:
    mine = registering.own_registration(one.person)["participation_id"]
    best = wait_for(lambda: _same_subject(one, mine), "a partner with the same subject in the ranked list")
    reason = f"You know about {one.profile.subject}, and so do we. We would like to see how you work."
    matching.ask(one.person, mine, best["profile"]["participation_id"], "visitor", reason)


def _same_subject(one: Representative, mine: str) -> dict[str, Any] | None:
    found = matching.best_matches(one.person, mine)
    return next((each for each in found if one.profile.subject in each["profile"]["topics"]), None)


def _accept_contact(one: Representative) -> None:
    contact = one.person.told("contact_requested")
    one.person.follow(contact)
    matching.write(one.person, one.person.post(f"{contact}/acceptance").body, "You are welcome. Which dates suit you?")


def _propose(one: Representative) -> None:
    contact = one.person.told("contact_accepted")
    conversation = one.person.told("message_sent")
    one.person.follow(f"{conversation}/messages")
    one.person.post(f"{contact}/proposal")


def _subject(one: Representative) -> str:
    return f"A question of {one.profile.mark}"


def _send_query(one: Representative) -> None:
    one.person.post("/v1/queries", subject=_subject(one), question="Are the days of travel paid for?")


def _answer_queries(officer: Person, marks: list[str]) -> None:
    for query in officer.all("/v1/queries", state="received"):
        if query["subject"].rpartition(" ")[2] in marks:
            link = f"/v1/queries/{query['query_id']}"
            officer.post(f"{link}/answer", str(query["version"]), answer="They belong to the exchange, and do not count as working days.")


def _write_plan(one: Representative, dates: Dates) -> None:
    profile, exchange = one.profile, one.person.told("exchange_opened")
    traveller = (f"{profile.first_name} {profile.last_name}", "International officer")
    agreeing.write_plan(one.person, exchange, agreeing.plan(dates.monday, dates.friday, traveller, [profile.subject]))


def _add_responsibilities(one: Representative) -> None:
    exchange = one.person.told("exchange_opened")
    written = dict(one.person.follow(f"{exchange}/commitment").body["plan"])
    written["responsibilities"] = written["responsibilities"] | {"host": f"Shows its work on {one.profile.subject} and brings its members."}
    agreeing.write_plan(one.person, exchange, written)


def _sign_financial(one: Representative) -> None:
    exchange = one.person.told("financial_agreement_drafted")
    agreeing.sign(one.person, exchange, FINANCIAL)
    paying.give_bank_details(one.person, exchange, one.profile)


def _confirm_days(one: Representative) -> None:
    exchange = one.person.told("exchange_ended")
    staying.confirm_days(one.person, exchange)
    staying.rate(one.person, exchange)


def _report(one: Representative) -> None:
    exchange = one.person.told("days_confirmed")
    staying.write_report(one.person, exchange)
    staying.submit_report(one.person, exchange)


def _propose_payment(officer: Person, payment: str) -> None:
    paying.move(officer, officer.get(payment).body, "proposal")


def _approve_payment(officer: Person, exchange: str) -> None:
    paying.move(officer, paying.payment_of(officer, exchange, "proposed"), "approval")


def _export_and_pay(officer: Person, marks: list[str]) -> None:
    """Put what is ordered on a list for the bank, fetch it, and record what was paid; accounts without IBAN are paid by hand."""
    ours = [each for each in officer.all("/v1/payments", state="ordered") if (each["visitor_name"] or "").rpartition(" ")[2] in marks]
    assert len(ours) == len(marks), f"{len(ours)} of {len(marks)} payments are ordered"
    if any(not each["by_hand"] for each in ours):
        batch = paying.export(officer, officer.places("finance")[0])
        officer.get(f"/v1/payment-batches/{batch['batch_id']}/file")
    today = officer.entrance.now()[:10]
    for each in ours:
        paying.move(
            officer,
            officer.get(f"/v1/payments/{each['payment_id']}").body,
            "transfer",
            paid_on=today,
            reference=f"{today}/{each['payment_id'][:8]}",
        )
