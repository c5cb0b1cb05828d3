"""Events, of which there are none."""


class Event:
    """Something that happened."""

    service = ""
