"""What identity refuses."""

from chassis.bare.refusals import Conflict, Forbidden, Invalid, NotFound
from chassis.bare.refusals import TooManyAttempts as TooManyAttempts


class UsernameTaken(Conflict):
    """This username is taken; choose another one."""


class EMailsDiffer(Invalid):
    """The two e-mail addresses differ; type the same address twice."""


class LinkNotGood(Invalid):
    """This link was used already or has run out; request a new one."""


class PasswordTooWeak(Invalid):
    """This password is too easy to guess: {reason}. Choose another one; a few plain words do."""


class LogInFailed(Forbidden):
    """Username, e-mail address or password is not right. Check them (the password is case-sensitive), or request a new one."""


class SessionEnded(Forbidden):
    """Your session has ended; log in again."""


class PersonNotFound(NotFound):
    """There is no confirmed account under that username, e-mail address or id. Check how it is written, or ask the person to confirm the
    account.
    """


class RoleNotFound(NotFound):
    """There is no such role. Look for it in the list of persons and their roles."""


class RoleNotGrantable(Forbidden):
    """You may not give or take the role '{role}' there; ask an administrator."""


class NotToYourself(Forbidden):
    """You may not give yourself the role '{role}'; ask a colleague or an administrator."""


class PlaceRequired(Invalid):
    """The role '{role}' is held at a partnership or an organisation: name its id as `place`."""


class PlaceNotAllowed(Invalid):
    """The role '{role}' holds everywhere: leave `place` out."""


class LastAdministrator(Conflict):
    """This is the last administrator; make another one first."""


class NoticeNotFound(NotFound):
    """There is no such notice for you. Look for it in the list of your notices."""


class UsernameDiffers(Invalid):
    """This is not your username; type it as your account shows it, to confirm that you want to be erased."""


class ExchangeGoesOn(Conflict):
    """Exchanges that you answer for go on ({exchange_ids}); end them first, or ask the support office."""


class PaymentGoesOn(Conflict):
    """Payments of your exchanges are not settled ({exchange_ids}), and rules on public money bind you and us. Ask again once they are paid."""


class LastContactPoint(Conflict):
    """Nobody else has the permission '{role}' at partnership {place}; ask the support office to appoint somebody first."""
