"""What is found about one promise: how much was looked at, and what breaks it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

MOST_SHOWN = 20
"""Findings told one by one for each promise; the others are counted, so that a broken installation does not fill memory."""


@dataclass
class Verdict:
    """One promise with its counts, in the order they were made, and the findings against it."""

    promise: str
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)
    found: int = 0

    def count(self, what: str, number: int = 1) -> None:
        """So many more of something were looked at."""
        self.counts[what] += number

    def find(self, finding: str) -> None:
        """Something breaks the promise."""
        self.found += 1
        if len(self.findings) < MOST_SHOWN:
            self.findings.append(finding)

    @property
    def holds(self) -> bool:
        """Whether nothing was found against it."""
        return self.found == 0

    @property
    def line(self) -> str:
        """The promise in one line, with its counts."""
        counts = ", ".join(f"{number} {what}" for what, number in self.counts.items())
        return f"{'holds ' if self.holds else 'BROKEN'}  {self.promise}{f' ({counts})' if counts else ''}"

    @property
    def details(self) -> list[str]:
        """The findings, a line each, the last one saying how many more there are."""
        more = [f"and {self.found - len(self.findings)} more"] if self.found > len(self.findings) else []
        return [*self.findings, *more]
