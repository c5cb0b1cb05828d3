"""What payments holds of a person."""

from __future__ import annotations

from contracts.held import ReadHeldData


class ReadHeld(ReadHeldData):
    """Everything that payments holds of a person; for identity alone, which hands it to that person."""

    service = "payments"
