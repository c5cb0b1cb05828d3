"""After the stay: reports, evidence and payments, each as far as its story goes."""

from __future__ import annotations

from collections.abc import Iterator

from deploy.local.demonstration.exchanges import Story, begun, link_of
from deploy.local.demonstration.progress import Part
from deploy.local.demonstration.world import World
from deploy.local.people.acts import paying, staying

NO_REPORT = ("ended", "terminated", "no_show")
REPORTED = ("report_submitted", "report_returned")
MONEY = ("payable", "proposed", "ordered", "exported", "paid", "failed", "nothing_due", "overpaid", "recovered", "shortened")
LISTED = ("exported", "paid", "failed", "overpaid", "recovered")
"""Outcomes that a payment list leads to; `ordered` is approved after the lists are made, or it would stand on one."""
FEWER_DAYS = {"nothing_due": 2, "shortened": 3}
"""Outcomes with fewer days than were planned."""
DONE = ("exported", "ordered", "paid", "failed", "overpaid", "recovered")


def reports(world: World, told: list[Story]) -> Iterator[Part]:
    """Days confirmed, report and evidence handed in and decided."""
    for story in begun(world, told):
        if story.outcome not in NO_REPORT:
            yield f"report/{story.name}", lambda story=story: _report(world, story)  # type: ignore[misc]


def orders(world: World, told: list[Story], outcomes: tuple[str, ...]) -> Iterator[Part]:
    """Proposed by the paying officer, approved by the support office."""
    for story in begun(world, told):
        if story.outcome in outcomes:
            yield f"order/{story.name}", lambda story=story: _order(world, story)  # type: ignore[misc]


def lists(world: World, told: list[Story]) -> Iterator[Part]:
    """A payment list for each partnership that has ordered payments."""
    for acronym in sorted({story.pair.visitor.acronym for story in begun(world, told) if story.outcome in LISTED}):
        yield f"list/{acronym}", lambda acronym=acronym: _list(world, acronym)  # type: ignore[misc]


def results(world: World, told: list[Story]) -> Iterator[Part]:
    """What the bank did with the payments, and what came afterwards."""
    for story in begun(world, told):
        if story.outcome in LISTED[1:]:
            yield f"result/{story.name}", lambda story=story: _conclude(world, story)  # type: ignore[misc]


def _report(world: World, story: Story) -> None:
    exchange, visitor, host = link_of(world, story), world.representative(story.pair.visitor), world.representative(story.pair.host)
    staying.confirm_days(host, exchange, FEWER_DAYS.get(story.outcome))
    staying.rate(host, exchange)
    if "write_report" in visitor.get(exchange).body["moves"]:
        staying.write_report(visitor, exchange)
    staying.submit_report(visitor, exchange)
    if story.outcome == "report_returned":
        desk = world.desk(story.pair.visitor)
        desk.decide(f"{exchange}/report/returns", f"{exchange}/report", comments="Please say what came of the second objective.")
    _hand_in_evidence(world, story, exchange)
    if story.outcome not in REPORTED:
        staying.validate_report(world.desk(story.pair.visitor), exchange)
    if story.outcome in MONEY:
        paying.accept_evidence(world.paying_officer(story.pair.visitor), exchange)
        paying.payment_of(visitor, exchange, "nothing_due" if story.outcome == "nothing_due" else "payable")


def _hand_in_evidence(world: World, story: Story, exchange: str) -> None:
    """All papers; where the payment still waits for them, one was sent back and one taken back."""
    visitor = world.representative(story.pair.visitor)
    papers = paying.upload_evidence(visitor, exchange, story.pair.visitor.profile)
    if story.outcome == "awaiting":
        officer = world.paying_officer(story.pair.visitor)
        officer.post(f"{papers[0]}/return", reason="unreadable", comment="The date cannot be read.")
        visitor.post(f"{papers[1]}/withdrawal")
        officer.post(f"{papers[2]}/acceptance")


def _order(world: World, story: Story) -> None:
    exchange, officer, support = link_of(world, story), world.paying_officer(story.pair.visitor), world.support()
    payment = paying.payment_of(officer, exchange, "payable", "proposed", "ordered")
    if payment["state"] == "payable":
        payment = paying.move(officer, payment, "proposal")
    if story.outcome != "proposed" and payment["state"] == "proposed":
        paying.move(support, payment, "approval")


def _list(world: World, acronym: str) -> None:
    office = world.office(acronym)
    officer = world.person(office.paying_officers[0])
    if any(not each["by_hand"] for each in officer.all("/v1/payments", state="ordered")):
        batch = paying.export(officer, office.partnership_id)
        officer.get(f"/v1/payment-batches/{batch['batch_id']}/file")


def _conclude(world: World, story: Story) -> None:
    officer, exchange = world.paying_officer(story.pair.visitor), link_of(world, story)
    payment = paying.payment_of(officer, exchange, *DONE)
    today = world.entrance.now()[:10]
    about = {"paid_on": today, "reference": f"{today}/{payment['payment_id'][:8]}"}
    if story.outcome == "failed" and payment["state"] in ("exported", "ordered"):
        paying.move(officer, payment, "failure", reason="account_closed")
    elif story.outcome != "failed" and payment["state"] in ("exported", "ordered"):
        payment = paying.move(officer, payment, "transfer", **about)
    if story.outcome in ("overpaid", "recovered") and payment["state"] == "paid":
        payment = paying.move(
            officer, payment, "overpayment", amount={"minor": 5000, "currency": "EUR"}, reason="One day was counted twice."
        )
    if story.outcome == "recovered" and payment["state"] == "overpaid":
        paying.move(officer, payment, "recovery", reference="came in by transfer")
