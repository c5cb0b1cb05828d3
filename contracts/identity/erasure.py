"""Erasure (GDPR 17): a person's account ends, and what named the person in the system is forgotten, but for what the law keeps."""

from __future__ import annotations

from typing import ClassVar

from marshmallow import fields

from chassis.bare.fields import Text
from chassis.bare.message import SIGNED_IN, Command, View
from contracts.identity.refusals import ExchangeGoesOn, LastAdministrator, LastContactPoint, PaymentGoesOn, UsernameDiffers


class ErasureAccepted(View):
    """What happens now, in a sentence; the session has ended."""

    sentence = fields.String(required=True)

    example: ClassVar = {"sentence": "You are logged out. Your account is erased within minutes."}


class EraseMe(Command):
    """Erase my account and what names me, for good; the password has to be given again, and the username typed, to confirm it.

    Names, addresses, messages and notices go, and the CV is nobody's any more. Kept are, without my account: what I signed or validated with the name under it,
    and the accounting records of payments, for 5 years after the payment (GDPR 17(3)(b), rules on public money); times and ids of what I
    did. A registration of mine that has not ended is withdrawn.
    """

    service = "identity"
    answers = ErasureAccepted
    allowed = (SIGNED_IN,)
    fresh = True
    rule = "Not while an exchange or a payment goes on, nor as the last administrator or the last contact point of a partnership."
    refusals = (UsernameDiffers, ExchangeGoesOn, PaymentGoesOn, LastAdministrator, LastContactPoint)

    username = Text(60, required=True, metadata={"description": "My own username, typed to confirm."})

    example: ClassVar = {"username": "textile.cluster-1"}
