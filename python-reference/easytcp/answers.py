"""What each command is answered (parts 3 and 4). No socket in sight."""

from __future__ import annotations

from collections.abc import Callable

from easytcp import wire
from easytcp.schedule import SECOND

UPPER = b"UPPER"
ADDR = b"ADDR"
COUNT = b"COUNT"
UPTIME = b"UPTIME"
COMMANDS = frozenset((UPPER, ADDR, COUNT, UPTIME))


def refusal(command: bytes, length: int) -> bytes | None:
    """The ERR reply that a request gets for its header alone, once its payload is dropped.

    None if the request is to be answered (clauses 4.1, 4.2).
    """
    if command not in COMMANDS:
        return wire.err(wire.UNKNOWN_COMMAND)
    if length and command != UPPER:
        return wire.err(wire.UNEXPECTED_PAYLOAD)
    return None


class Answers:
    """Answers legal requests, and counts them. One thread at a time, or the count goes wrong."""

    def __init__(self, started: int, clock: Callable[[], int]) -> None:
        """`started`: when the server was ready; it and `clock` in nanoseconds, monotonic."""
        self._started = started
        self._clock = clock
        self.count = 0

    def reply(self, command: bytes, payload: bytes, address: bytes) -> bytes:
        """The OK reply to a request without fault; it counts from here on (clause 3.3).

        `address`: the client's own, in the form of clause 3.2.
        """
        self.count += 1
        if command == UPPER:
            return wire.ok(payload.upper())  # on bytes: a-z alone, whatever the locale
        if command == ADDR:
            return wire.ok(address)
        if command == COUNT:
            return wire.ok(b"%d" % self.count)
        return wire.ok(self._uptime())

    def _uptime(self) -> bytes:
        """HH:MM:SS since the server was ready, cut off; two digits of hours or more."""
        minutes, seconds = divmod((self._clock() - self._started) // SECOND, 60)
        hours, minutes = divmod(minutes, 60)
        return b"%02d:%02d:%02d" % (hours, minutes, seconds)
