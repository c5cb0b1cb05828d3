"""Every refusal says what to do next, not only what is not."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator

import pytest

import contracts
import gateway
from chassis.bare.refusals import Refusal, RefusedElsewhere
from gateway.problems import REFUSED, SENTENCES

# What a sentence may ask of its reader. The check cannot know whether the advice is good; it knows when there is none.
TO_DO = (
    "accept", "add", "amend", "approve", "ask", "cancel", "change", "check", "choose", "claim", "confirm", "consent", "correct", "do", "fill",
    "finish", "give", "go", "leave", "log", "look", "make", "name", "open", "plan", "put", "quote", "read", "recall", "request", "rotate",
    "say", "see", "send", "shorten", "sign", "submit", "try", "turn", "type", "use", "wait", "write",
)  # fmt: skip
ADVICE = re.compile(rf"(?:^|[.;:,}}] |\bor )(?:just |please )?(?:{'|'.join(TO_DO)})\b", re.IGNORECASE)


def modules() -> Iterator[str]:
    """Every module that may hold a refusal; the gateway's configuration and commands are run, not imported."""
    for package in (contracts, gateway):
        yield from (each.name for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}.") if "__main__" not in each.name)


def below(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    """All kinds of refusal, each once for each way to it."""
    for each in kind.__subclasses__():
        yield each
        yield from below(each)


for module in modules():
    importlib.import_module(module)
OURS = ("chassis", "contracts", "services", "gateway")
ALL = {each for each in below(Refusal) if each is not RefusedElsewhere and each.__module__.partition(".")[0] in OURS}
SAID = {
    **{f"{each.__module__}.{each.code()}": " ".join((inspect.getdoc(each) or "").split()) for each in ALL},
    **{f"connection.{status}": sentence for status, (_, sentence) in REFUSED.items()},
    **{f"address.{status}": sentence for status, sentence in SENTENCES.items()},
}


def test_there_are_refusals_of_every_room() -> None:
    """The check looks at all of them."""
    rooms = {name.split(".")[1] for name in SAID if name.startswith("contracts.")}
    assert rooms == {"agreements", "identity", "matching", "payments", "registry"} and len(SAID) > 120


@pytest.mark.parametrize("name", sorted(SAID))
def test_refusal_says_what_to_do(name: str) -> None:
    """In words of its own, as a whole sentence."""
    assert ADVICE.search(SAID[name]), f"says what is not, and not what to do: {SAID[name]}"
    assert SAID[name].endswith((".", "{problem}")), SAID[name]


@pytest.mark.parametrize("bare", ["This is possible from {earliest} on.", "There is no such role.", "No change is waiting for a decision."])
def test_bare_sentence_is_seen(bare: str) -> None:
    """The check can fail."""
    assert not ADVICE.search(bare)
