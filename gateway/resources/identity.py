"""Identity's URLs."""

from contracts.identity.accounts import ChangeMe, ConfirmAccount, CreateAccount, ReadMe, RequestNewPassword, SetNewPassword
from contracts.identity.erasure import EraseMe
from contracts.identity.export import ExportMe
from contracts.identity.live import ListenLive
from contracts.identity.newsletters import ConfirmSubscription, Subscribe, Unsubscribe
from contracts.identity.notices import ListNotices, ReadNotice
from contracts.identity.roles import GrantRole, ListPersons, RevokeRole
from contracts.identity.sessions import ConfirmPassword, LogIn, LogOut
from gateway import sessions
from gateway.routes import Route

ROUTES = [
    Route("POST", "/v1/accounts", CreateAccount, status=202),
    Route("POST", "/v1/accounts/confirmation", ConfirmAccount),
    Route("POST", "/v1/accounts/new-password-requests", RequestNewPassword, status=202),
    Route("POST", "/v1/accounts/new-password", SetNewPassword),
    Route("POST", "/v1/sessions", LogIn, status=201, finish=sessions.hand_out),
    Route("POST", "/v1/sessions/current/confirmation", ConfirmPassword, finish=sessions.confirmed),
    Route("DELETE", "/v1/sessions/current", LogOut, finish=sessions.take_back),
    Route("GET", "/v1/me", ReadMe),
    Route("PATCH", "/v1/me", ChangeMe),
    Route("GET", "/v1/me/export", ExportMe),
    Route("POST", "/v1/me/erasure", EraseMe, status=202),
    Route("GET", "/v1/live", ListenLive),
    Route("GET", "/v1/notices", ListNotices),
    Route("POST", "/v1/notices/{notice_id}/reading", ReadNotice),
    Route("GET", "/v1/persons", ListPersons),
    Route("POST", "/v1/roles", GrantRole, status=201),
    Route("DELETE", "/v1/roles/{role_id}", RevokeRole),
    Route("POST", "/v1/newsletters/subscriptions", Subscribe, status=202),
    Route("POST", "/v1/newsletters/confirmation", ConfirmSubscription),
    Route("POST", "/v1/newsletters/unsubscription", Unsubscribe),
]
