"""When a report is due (part 7). The clock is handed in, so that a test can make its own.

Times are nanoseconds of the monotonic clock.
"""

from __future__ import annotations

SECOND = 1_000_000_000


class Schedule:
    """The n-th report is due at origin + n * interval: an error never adds up (clause 7.2)."""

    __slots__ = ("_interval", "_next")

    def __init__(self, origin: int, interval: int) -> None:
        self._interval = interval
        self._next = origin + interval

    def take_due(self, now: int) -> bool:
        """Whether a report is due; if so it is taken off the schedule.

        To be asked again until it says no: what is overdue is not skipped (clause 7.4).
        """
        if now < self._next:
            return False
        self._next += self._interval
        return True

    def is_due(self, now: int) -> bool:
        """Whether a report is due."""
        return now >= self._next

    def seconds_left(self, now: int) -> float:
        """Seconds until the next report is due, 0 if it is overdue."""
        return max(self._next - now, 0) / SECOND
