"""SIGINT and SIGTERM: the programs say `Bye bye~` and exit 0 (clauses 8.1, 10.9).

Two ways. A client, and a server that does not listen yet, leave from within the signal's handler:
`arm`. A server that listens has lines under way that must not be torn, so there the handler only
sets off a `StopSignal`, which the main thread waits on.

Both replace whatever was inherited, ignored or blocked: a shell starts its background jobs with
SIGINT ignored. SIGPIPE is ignored by the interpreter itself.
"""

from __future__ import annotations

import os
import signal

from easytcp import console

BYE = b"Bye bye~\n"
PATIENCE = 0.8  # seconds from a signal until a server leaves, whatever it is stuck in


def arm(last_words: bytes) -> None:
    """From now on SIGINT and SIGTERM print `last_words` and exit 0, wherever the program is."""

    def on_signal(number: int, frame: object) -> None:
        # Never into the middle of another line; but a second signal does not wait for a stdout
        # that nobody reads.
        if console.speaking and console.last_words is None:
            console.last_words = last_words
        else:
            console.leave(last_words)

    signal.signal(signal.SIGINT, on_signal)
    signal.signal(signal.SIGTERM, on_signal)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, (signal.SIGINT, signal.SIGTERM, signal.SIGALRM))


def end_waits() -> list[int]:
    """Give the descriptors that each wait of a program that is armed has to include.

    A signal that comes just before a call that waits is noted by the interpreter and would be dealt
    with after that call, whenever that is: here it makes a descriptor readable too.
    """
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    signal.set_wakeup_fd(writer, warn_on_full_buffer=False)
    return [reader]


def disarm() -> None:
    """From now on SIGINT and SIGTERM do nothing: the program is about to end by itself."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


class StopSignal:
    """Set off by SIGINT and SIGTERM: `requested` turns true, and `fileno()` becomes readable.

    The descriptor is what ends a select() that began just before the handler could run. If the
    program is then stuck (in writing to a stdout that nobody reads), an alarm ends it nevertheless.
    """

    def __init__(self) -> None:
        import socket  # here, for the client imports this module for `arm` alone, and first of all

        self.requested = False
        self._reader, self._writer = socket.socketpair()
        self._writer.setblocking(False)
        signal.set_wakeup_fd(self._writer.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGALRM, self._on_alarm)
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)

    def fileno(self) -> int:
        """The descriptor to select() on."""
        return self._reader.fileno()

    def _on_signal(self, number: int, frame: object) -> None:
        if not self.requested:  # once: further signals do not put the end off
            signal.setitimer(signal.ITIMER_REAL, PATIENCE)
        self.requested = True

    def _on_alarm(self, number: int, frame: object) -> None:
        if self.requested:
            os._exit(0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)  # the parent's alarm, and not ours
        signal.raise_signal(signal.SIGALRM)
