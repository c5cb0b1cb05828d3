"""Doors of newsletters."""

from __future__ import annotations

from typing import Any

from chassis.bare.message import real_now
from chassis.bare.principal import Principal
from chassis.running.doors import answers
from chassis.running.unit import Units
from contracts.identity.newsletters import ConfirmSubscription, Subscribe, Unsubscribe
from services.identity import queries
from services.identity.mail import public_address
from services.identity.model import Guess, Subscription
from services.identity.model.accounts import key_of
from services.identity.post import post
from services.identity.words import of_mail

CHECK_MAILBOX = {"sentence": "We have sent a mail to that address. Follow its link to confirm."}
SUBSCRIBED = {"sentence": "Thank you: the newsletters will come to your address."}
LEFT = {"sentence": "No more newsletters of that kind go to that address."}


class NewsletterDoors:
    """Newsletters for bare addresses."""

    unit = Units()

    @answers(Subscribe)
    def subscribe(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Mail the confirming link."""
        with self.unit() as unit:
            queries.guess(unit, Guess.key_of("mail", request["e_mail"]), real_now()).attempt(real_now())
            subscription = queries.subscription(unit, request["e_mail"])
            if subscription is None:
                subscription = Subscription.ask(key_of(request["e_mail"]), unit.now)
                unit.session.add(subscription)
            secret = subscription.want(request["letters"], unit.now)
            address = f"{public_address()}/newsletter/confirmation?secret={secret}"
            words = of_mail(request["language"], "newsletters", address=address, secret=secret)
            post(unit, request["e_mail"], request["language"], words)
            return unit.reply(CHECK_MAILBOX)

    @answers(ConfirmSubscription)
    def confirm_subscription(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Begin to send."""
        with self.unit() as unit:
            queries.subscription_of_secret(unit, request["secret"]).confirm(unit.now)
            return unit.reply(SUBSCRIBED)

    @answers(Unsubscribe)
    def unsubscribe(self, who: Principal, request: dict[str, Any]) -> dict[str, Any]:
        """Stop at once."""
        with self.unit() as unit:
            subscription = queries.subscription(unit, request["e_mail"])
            if subscription is not None:
                subscription.leave(request["letters"])
            account = queries.account_of_address(unit, request["e_mail"])
            if account is not None:
                account.leave_newsletters(request["letters"])
            return unit.reply(LEFT)
