"""Events, of which there are none."""


class Event:
    """Something that happened."""

    service = ""


def kinds_of(event: type[Event]) -> list[type[Event]]:
    """Every contract that builds on this one: none."""
    return []
