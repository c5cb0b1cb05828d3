"""What a person is told when the machine or a setting does not allow what was asked: one line, no traceback."""

import errno
import os
import sys
from collections.abc import Callable

# What people can mend by themselves, and no fault of ours.
BY_PEOPLE = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)


class Unusable(Exception):
    """The machine or a setting does not allow this; the text is one sentence for people, with the ways out."""


def plainly(command: Callable[[], int | None]) -> None:
    """Run a command and exit with its code, or with 1 and one clear line when it is `Unusable`."""
    try:
        sys.exit(command() or 0)
    except Unusable as reason:
        print(f"clusterxchange: {reason}", file=sys.stderr)
        sys.exit(1)
    except OSError as reason:
        if reason.errno not in BY_PEOPLE:
            raise
        place = f": {reason.filename}" if reason.filename else ""
        print(f"clusterxchange: {os.strerror(reason.errno).lower()}{place}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
