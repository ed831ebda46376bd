"""Who is connected, and the lines that tell it (clauses 6.3 to 6.6, 7.1). No socket in sight.

The caller sees to it that one thread at a time is in here; then the lines are one true history.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from itertools import islice

ROSTER = 10  # how many clients a roster names


class Registry:
    """The connected clients' IDs. Every change costs the same, however many there are or were."""

    def __init__(self, say: Callable[[bytes], None]) -> None:
        """`say` gets whole lines, each call those of one event."""
        self._say = say
        self._last = 0
        # Not a plain dict: one whose oldest entries were deleted has to search for its first one,
        # longer and longer. An OrderedDict is a linked list. IDs grow, so its order is theirs.
        self._present: OrderedDict[int, None] = OrderedDict()

    def join(self) -> int:
        """A client was accepted: tell it, and give its ID."""
        self._last += 1
        self._present[self._last] = None
        self._tell(self._last, b"connected")
        return self._last

    def leave(self, number: int) -> None:
        """Client `number` is gone: tell it."""
        del self._present[number]
        self._tell(number, b"disconnected")

    def report(self) -> None:
        """Tell how many are connected."""
        self._say(b"Number of connected clients = %d\n" % len(self._present))

    def _tell(self, number: int, what: bytes) -> None:
        self._say(
            b"Client %d %b. Number of connected clients = %d\nConnected clients = %b\n"
            % (number, what, len(self._present), self._roster())
        )

    def _roster(self) -> bytes:
        """The ten lowest IDs, and how many more there are."""
        names = [b"client %d" % number for number in islice(self._present, ROSTER)]
        if len(self._present) > ROSTER:
            names.append(b"%d more" % (len(self._present) - ROSTER))
        return b"{%b}" % b", ".join(names)
