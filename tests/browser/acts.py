"""What people do in the pages on the way from an account to the payment; each act begins where the person's own tasks lead."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from deploy.local.people.acts.agreeing import plan
from deploy.local.people.acts.paying import EVIDENCE, account_of
from deploy.local.people.entrance import Entrance, wait_for
from deploy.local.people.offices import PASSWORD, SignIn
from deploy.local.people.papers import pdf
from deploy.local.people.person import Person
from deploy.local.people.profiles import Profile
from tests.browser.chromium import PATIENCE_MS
from tests.browser.somebody import Somebody

A_LINK = re.compile(r"https?://[^/\s]+(/confirm\?\S+)")


def come_in(one: Somebody, who: SignIn, entrance: Entrance) -> Somebody:
    """Log in, in the language of this browser: pages speak that of the account, which somebody in another language may have left behind."""
    person = who.person(entrance)
    person.patch("/v1/me", str(person.me()["version"]), language=one.words.language)
    return one.logs_in(who.username)


def get_account(one: Somebody, person: Person, profile: Profile) -> None:
    """The account form, the link in the mail, the password, and the log-in that leads to the registration."""
    one.opens("/register").keeps_picture("account form")
    for key, value in (
        ("username", person.username), ("eMail", person.e_mail), ("confirmEMail", person.e_mail), ("organisationName", profile.legal_name),
        ("firstName", person.first_name), ("lastName", person.last_name),
    ):  # fmt: skip
        one.fills(f"account.{key}", value)
    one.chooses("account.country", profile.country).chooses("account.title", "Ms")
    one.page.get_by_role("checkbox", name=re.compile(re.escape(one.words("account.agree")))).check()
    one.presses("account.create").sees("account.asked").keeps_picture("account asked for")
    # The mail is in the language of the page, and so is its title.
    link = wait_for(lambda: _link_to_confirm(person), "the mail with the link")
    one.opens(link).fills("account.password", PASSWORD).presses("account.setPassword").sees("account.confirmed")
    one.presses("account.logIn")
    one.logs_in(person.username)
    expect(one.page).to_have_url(re.compile("/registrations/new"))


def _link_to_confirm(person: Person) -> str | None:
    found = (A_LINK.search(mail["text"]) for mail in person.entrance.mails(person.e_mail))
    return next((link[1] for link in found if link), None)


def register(one: Somebody, answers: dict[str, Any], cv: bytes | None, acronym: str) -> str:
    """All eight steps of the form, and handing it in; returns the registration's id."""
    one.sees("registration.begin").presses("registration.begin")
    one.page.wait_for_url(re.compile(r"/registrations/[0-9a-f-]{36}"))
    one.waits()
    for step in (_organisation, _person, _role, _offer, _preferences, _period):
        step(one, answers[step.__name__[1:]])
        if step is _person and cv:
            one.gives_file(cv, "cv.pdf").sees("person.cvThere")
        one.keeps_picture(f"step {step.__name__[1:]}").presses("form.next")
    one.ticks("partnership.choose", re.compile(f"^{re.escape(acronym)} – "))
    one.keeps_picture("step partnership").presses("form.next")
    boxes = one.page.get_by_role("checkbox", name=re.compile("^" + re.escape(one.words.beginning("submit.agree"))))
    expect(boxes.first).to_be_visible(timeout=PATIENCE_MS)
    for box in boxes.all():
        box.check()
    one.keeps_picture("step submit").presses("submit.submit").sees("registration.waits").keeps_picture("submitted")
    return re.search(r"/registrations/([0-9a-f-]{36})", one.page.url)[1]  # type: ignore[index]


def _organisation(one: Somebody, given: dict[str, Any]) -> None:
    for key, name in (
        ("legalName", "legal_name"), ("street", "street"), ("houseNumber", "house_number"), ("postcode", "postcode"), ("town", "town"),
        ("nuts", "nuts"), ("website", "website"), ("number", "registration_number"),
    ):  # fmt: skip
        one.fills(f"organisation.{key}", given[name])
    for key, name in (("type", "organisation_type"), ("country", "country"), ("numberKind", "number_kind"), ("size", "size")):
        one.chooses(f"organisation.{key}", given[name])
    one.ticks("organisation.member", one.words("form.yes" if given["cluster_member"] else "form.no"))
    if given["cluster_member"]:
        one.fills("organisation.clusterName", given["cluster_name"]).fills("organisation.clusterPage", given["cluster_page"])


def _person(one: Somebody, given: dict[str, Any]) -> None:
    one.chooses("account.title", given["title"])
    for key, name in (
        ("account.firstName", "first_name"), ("account.lastName", "last_name"), ("person.function", "function"),
        ("account.eMail", "e_mail"), ("person.phone", "phone"),
    ):  # fmt: skip
        one.fills(key, given[name])
    for skill in given["languages"]:
        one.chooses("person.addLanguage", skill["language"]).presses("form.add")
        one.page.get_by_label(re.compile("^" + re.escape(one.words.beginning("person.level")))).last.select_option(skill["level"])


def _role(one: Somebody, given: dict[str, Any]) -> None:
    for role in given["roles"]:
        one.ticks("role.roles", one.words(f"role.{role}"))
    one.fills("role.motivation", given["motivation"])


def _offer(one: Somebody, given: dict[str, Any]) -> None:
    for each in given["ecosystems"]:
        one.ticks("offer.ecosystems", one.words(f"codes.ecosystem.{each}"))
    for each in given["nace"]:
        one.ticks("offer.nace", re.compile(f"^{each} – "))
    for key, name in (("technologies", "technologies"), ("topics", "topics"), ("canTeach", "can_teach"), ("wantToLearn", "want_to_learn")):
        for word in given[name]:
            one.adds_word(f"offer.{key}", word)


def _preferences(one: Somebody, given: dict[str, Any]) -> None:
    for wishes in given.values():
        for each in wishes["activity_types"]:
            one.ticks("preferences.activity_types", one.words(f"codes.activity_type.{each}"))


def _period(one: Somebody, given: dict[str, Any]) -> None:
    for number, window in enumerate(given["availability"], 1):
        one.presses("period.add")
        one.fills("period.from", window["start"], number=number).fills("period.to", window["end"], number=number)
    one.fills("period.minDays", given["min_days"]).fills("period.maxDays", given["max_days"]).fills("period.groupSize", given["group_size"])
    if "capacity" in given:
        one.fills("period.capacity", given["capacity"])


def ask_for_contact(one: Somebody, partner: str) -> None:
    """From the acceptance to the list of best matches, and there to the partner."""
    one.finds_task("participation_accepted").keeps_picture("accepted")
    one.opens("/me").sees("tasks.toDo.find").keeps_picture("to do: find a partner")
    one.main.get_by_role("link", name=one.words("shell.ways.matches"), exact=True).click()
    one.waits()
    card = one.card(partner)
    for _ in range(20):
        if card.is_visible():
            break
        one.page.wait_for_timeout(1000)
        one.opens("/matches")
    card.get_by_text(one.words("matches.why")).click()
    for whose in ("reasons.mine", "reasons.theirs"):
        reasons = card.locator("section").filter(has=one.page.get_by_role("heading", name=one.words(whose), exact=True))
        expect(reasons.get_by_role("list", name=one.words("reasons.leaning.for")).get_by_role("listitem").first).to_be_visible()
    one.keeps_picture("best matches").presses("contact.ask", card)
    one.fills("contact.reason", "We would like to see how you work with your members.").keeps_picture("why").presses("contact.send")
    one.page.wait_for_url(re.compile(r"/contacts/[0-9a-f-]{36}"))
    one.waits().keeps_picture("asked")
    one.opens("/me").sees("tasks.toDo.nothing")


def accept_contact(one: Somebody, visitor: str) -> None:
    """Read who asks and why, accept, and write; it waits on the list until it is done, though the notice was read."""
    one.finds_task("contact_requested").opens("/me").keeps_picture("to do: answer")
    one.main.get_by_role("link", name=one.words("tasks.toDo.answer", name=visitor), exact=True).click()
    one.waits().keeps_picture("asked for a contact").presses("contact.moves.accept")
    one.sees("conversation.write").fills("conversation.write", "You are welcome. Which dates suit you?").presses("form.send")
    expect(one.page.get_by_role("log").get_by_text("You are welcome.")).to_be_visible(timeout=PATIENCE_MS)
    one.keeps_picture("conversation")


def propose(one: Somebody) -> None:
    """Read the answer, and propose an exchange."""
    one.finds_task("contact_accepted").presses("contact.moves.propose_match")
    expect(one.button("contact.moves.withdraw_proposal")).to_be_visible(timeout=PATIENCE_MS)
    one.keeps_picture("proposed")


def confirm(one: Somebody) -> None:
    """Confirm the exchange."""
    one.finds_task("match_proposed").presses("contact.moves.confirm_match").sees("contact.agreed").keeps_picture("agreed")


def write_plan(one: Somebody, monday: date, last_day: date, profile: Profile) -> None:
    """The visitor's part of the commitment to quality."""
    one.finds_task("exchange_opened")
    given = plan(monday, last_day, (f"{profile.first_name} {profile.last_name}", "Manager"), ["shared laboratories"])
    one.fills("plan.start", given["start"]).fills("plan.end", given["end"]).fills("plan.place", "Main building")
    for number, day in enumerate(given["travel_days"], 1):
        one.presses("plan.addDay").fills("plan.travelDay", day, number=number)
    for number, each in enumerate(given["travellers"], 1):
        one.presses("plan.addTraveller").fills("plan.travellerName", each["name"], number=number)
        one.fills("plan.travellerFunction", each["function"], number=number)
    for number, each in enumerate(given["objectives"], 1):
        one.presses("plan.addObjective").fills("plan.objective", each, number=number)
    for number, each in enumerate(given["action_plan"], 1):
        one.presses("plan.addStep").fills("plan.stepWhat", each["activity"], number=number)
        if each["day"]:
            one.fills("plan.stepDay", each["day"], number=number)
    one.fills("plan.outcomes", given["expected_outcomes"]).fills("plan.visitorDoes", given["responsibilities"]["visitor"])
    one.sees("registration.savesItself").keeps_picture("plan")


def add_responsibilities(one: Somebody) -> None:
    """The host's part of it."""
    one.finds_task("exchange_opened").fills("plan.hostDoes", "Plans the programme and confirms the days.")
    one.page.wait_for_timeout(1500)
    one.sees("registration.savesItself").keeps_picture("plan")


def submit_plan(one: Somebody) -> None:
    """Read what the host added, and submit it."""
    one.finds_task("exchange_opened").presses("plan.submit")
    one.sees("codes.exchange_state.submitted").keeps_picture("plan submitted")


def validate_plan(one: Somebody) -> None:
    """The contact point validates what it read."""
    one.finds_task("commitment_submitted").keeps_picture("plan to validate").presses("plan.validate")
    expect(one.button("plan.validate")).to_have_count(0, timeout=PATIENCE_MS)
    one.keeps_picture("plan validated")


def sign(one: Somebody, task: str, agreement: str) -> None:
    """Read the text, and sign the very same."""
    one.finds_task(task).turns_to("agreements")
    part = one.within(f"agreement.{agreement}")
    button = one.button("agreement.sign", part)
    expect(button).to_be_visible(timeout=PATIENCE_MS)
    one.keeps_picture(f"{agreement} to sign")
    button.click()
    one.confirms(part.locator("p, span").filter(has_text=re.compile(_signed(one))))
    expect(button).to_have_count(0, timeout=PATIENCE_MS)
    one.keeps_picture(f"{agreement} signed")


def _signed(one: Somebody) -> str:
    """What stands where the button was: who is awaited still, or that all have signed."""
    return "|".join(re.escape(one.words.beginning(key)) for key in ("agreement.waits", "agreement.signedByAll"))


def give_account(one: Somebody, profile: Profile) -> None:
    """Where the lump sum goes."""
    one.turns_to("money").keeps_picture("money")
    one.presses("money.giveAccount")
    given = account_of(profile)
    one.fills("money.iban", given["iban"]).fills("money.holder", given["holder"])
    for key, name in (("street", "street"), ("houseNumber", "house_number"), ("postcode", "postcode"), ("town", "town")):
        one.fills(f"organisation.{key}", given["address"][name])
    one.chooses("organisation.country", given["address"]["country"]).keeps_picture("account").presses("form.save")
    one.confirms(one.main.locator("strong").filter(has_text=given["iban"][-4:]))
    one.keeps_picture("account given")


def confirm_arrival(one: Somebody) -> None:
    """The visitor is there."""
    one.finds_task("exchange_ready").presses("exchange.moves.confirm_arrival")
    one.sees("codes.exchange_state.running").keeps_picture("arrived")


def confirm_departure(one: Somebody) -> None:
    """The visit is over."""
    one.finds_task("exchange_started").presses("exchange.moves.confirm_departure")
    one.sees("codes.exchange_state.ended").keeps_picture("departed")


def confirm_days(one: Somebody, days: int) -> None:
    """The host says how many days the visitor was there, and how useful it was."""
    one.finds_task("exchange_ended").fills("exchange.daysPresent", days).presses("exchange.moves.confirm_days")
    one.sees("exchange.daysNow", days=days).chooses("exchange.usefulness", "4").fills("exchange.remarks", "Well prepared.")
    one.presses("exchange.moves.rate_exchange").sees("exchange.ratedNow", number=4).keeps_picture("days confirmed")


def report(one: Somebody, monday: date, last_day: date, days: int) -> None:
    """The closing report."""
    one.finds_task("days_confirmed").turns_to("report")
    one.ticks("report.asPlanned", one.words("form.yes")).fills("report.firstDay", monday).fills("report.lastDay", last_day)
    one.fills("report.daysPresent", days)
    for field in one.page.get_by_role("group", name=one.words("report.outcomes")).get_by_role("textbox").all():
        field.fill("Done; it goes into our work plan.")
    one.fills("report.contacts", 6).ticks("report.followUps", one.words("codes.follow_up.project"))
    one.fills("report.followUpDetails", "An outline of a common project.").chooses("exchange.usefulness", "5")
    one.ticks("report.publish", one.words("form.yes")).keeps_picture("report").presses("report.submit")
    one.sees("codes.exchange_state.report_submitted").keeps_picture("report submitted")


def upload_evidence(one: Somebody, profile: Profile) -> None:
    """Three papers of the journey."""
    one.turns_to("money")
    for kind, title in EVIDENCE.items():
        one.chooses("evidence.kind", kind).gives_file(pdf([title, profile.legal_name]), f"{kind}.pdf")
        expect(one.card(one.words(f"codes.evidence.{kind}"))).to_be_visible(timeout=PATIENCE_MS)
    one.keeps_picture("evidence")


def validate_report(one: Somebody) -> None:
    """The contact point reads the report and finds it good."""
    one.finds_task("report_submitted").turns_to("report").keeps_picture("report to validate").presses("report.validate")
    one.sees("codes.exchange_state.report_validated").keeps_picture("report validated")


def accept_evidence(one: Somebody) -> None:
    """The paying officer looks at the papers and accepts them."""
    one.finds_task("evidence_uploaded").turns_to("money").keeps_picture("evidence to accept").presses("evidence.acceptAll")
    one.confirms(one.shown(one.words.beginning("evidence.accepted")))
    one.keeps_picture("evidence accepted")


def accept_registration(one: Somebody) -> None:
    """The contact point reads a registration whole, and accepts it."""
    one.finds_task("registration_submitted")
    one.page.wait_for_url(re.compile("/desk/registrations/"))
    one.waits().keeps_picture("registration to assess").presses("desk.accept")
    one.sees("codes.registration_state.accepted").keeps_picture("registration accepted")


def propose_payment(one: Somebody, visitor: str) -> None:
    """The paying officer, whose own acceptance made it due, finds it on the desk and proposes it."""
    one.goes("shell.ways.payments").keeps_picture("payments due")
    one.main.get_by_role("link", name=visitor, exact=True).click()
    one.page.wait_for_url(re.compile("/exchanges/"))
    one.waits().presses("paying.propose")
    one.confirms(one.shown(one.words("codes.payment_state.proposed")))
    one.keeps_picture("payment proposed")


def approve_payment(one: Somebody) -> None:
    """The second person approves it."""
    one.finds_task("payment_proposed").turns_to("money").presses("paying.approve")
    one.confirms(one.shown(one.words("codes.payment_state.ordered")))
    one.keeps_picture("payment approved")


def export_and_pay(one: Somebody, visitor: str, paid_on: date) -> None:
    """The officer puts it on a list for the bank, fetches the list, and records what was paid."""
    one.goes("shell.ways.payments").opens("/payments?pile=ordered").keeps_picture("ordered payments")
    one.main.get_by_role("link", name=visitor, exact=True).click()
    one.page.wait_for_url(re.compile("/exchanges/"))
    one.waits().presses("paying.export")
    one.page.wait_for_url(re.compile("/payment-batches/"))
    one.waits().keeps_picture("list for the bank")
    with one.page.expect_download() as download:
        one.presses("paying.downloadList")
    assert Path(download.value.path()).read_bytes().count(b"\n") >= 2
    one.presses("paying.recordPaidOf", name=visitor)
    one.fills("paying.paidOn", paid_on).fills("paying.reference", "B-1").keeps_picture("recording")
    one.presses("paying.recordPaid", one.page.locator("dialog[open]"))
    one.confirms(one.shown(one.words("codes.payment_state.paid")))
    one.keeps_picture("paid")


def hear_of_payment(one: Somebody) -> None:
    """The visitor is told that the assistance is paid, and sees it."""
    one.finds_task("payment_paid").turns_to("money").sees("codes.payment_state.paid").keeps_picture("paid")
