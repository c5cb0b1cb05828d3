"""Commands by hand on a running system, each as the service it concerns: its environment, its database, its first administrator."""

import os
import shlex
import sys

from deploy.local.database import binaries
from deploy.local.installation import LOGINS, SERVICES, Installation
from deploy.local.lock import running_installation
from deploy.local.processes import environment_of_code
from deploy.local.program import ROOT
from deploy.local.settings import read_settings
from deploy.local.unusable import Unusable, plainly


def environment() -> None:
    """`make env SERVICE=identity`: print what the service is told, for `eval` in a shell."""
    here = _here()
    for name, value in sorted(here.environment(_asked("SERVICE", LOGINS)).items()):
        print(f"export {name}={shlex.quote(value)}")


def psql() -> None:
    """`make psql SERVICE=identity`: a prompt on the service's own database, with the service's own rights."""
    here = _here()
    service = _asked("SERVICE", SERVICES)
    # Not on the command line, where everyone on the machine could read it.
    password = {"PGPASSWORD": here.database.password(service)}
    os.execve(binaries() / "psql", ["psql", here.database.plain_url_without_password(service)], {**os.environ, **password})


def administrator() -> None:
    """`make administrator EMAIL=...`: make the first administrator's account."""
    here = _here()
    email = os.environ.get("EMAIL", "")
    if "@" not in email:
        raise Unusable("EMAIL is missing; say for example `make administrator EMAIL=you@example.org`.")
    told = {**environment_of_code(ROOT), **here.environment("identity")}
    os.execve(sys.executable, [sys.executable, "-m", "services.identity.administrator", email], told)


def partner_access() -> None:
    """`make partner-access PARTNERSHIP=BLUES`: give a partnership's system access; ROTATE=1, REVOKE=1 or SHOW=1 for one that has it."""
    acronym = os.environ.get("PARTNERSHIP", "")
    if not acronym:
        raise Unusable("PARTNERSHIP is missing; say for example `make partner-access PARTNERSHIP=BLUES`.")
    ways = [f"--{way.lower()}" for way in ("ROTATE", "REVOKE", "SHOW") if os.environ.get(way, "0") not in ("", "0")]
    _as_registry("services.registry.partner_access", acronym, *ways)


def sandbox_events() -> None:
    """`make sandbox-events`: an example of every event for partnerships into the feed and queue of the partnership SANDBOX."""
    _as_registry("services.registry.sandbox")


def evaluate() -> None:
    """`make evaluate`: how good the lists of this installation were, by what both sides decided."""
    wishes = {name: value for name in ("WEIGHTS", "SAVE", "JSON") if (value := os.environ.get(name))}
    _as("matching", "services.matching.evaluation", **wishes)


def _as_registry(*command: str) -> None:
    _as("registry", *command)


def _as(service: str, *command: str, **wishes: str) -> None:
    told = {**environment_of_code(ROOT), **_here().environment(service), **wishes}
    os.execve(sys.executable, [sys.executable, "-W", "ignore", "-m", *command], told)


def _here() -> Installation:
    return running_installation(read_settings())


def _asked(name: str, choices: tuple[str, ...]) -> str:
    value = os.environ.get(name, "")
    if value not in choices:
        raise Unusable(f"{name} is {value!r}; it has to be one of {', '.join(choices)}.")
    return value


COMMANDS = {
    "environment": environment,
    "psql": psql,
    "administrator": administrator,
    "partner-access": partner_access,
    "sandbox-events": sandbox_events,
    "evaluate": evaluate,
}

if __name__ == "__main__":
    plainly(COMMANDS[sys.argv[1]])
