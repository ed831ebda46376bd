"""A server from its start to its end (parts 6 to 8): all that does not depend on how it waits."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Callable

from easytcp import commandline, console, farewell
from easytcp.acceptor import Acceptor, open_listener, raise_limit
from easytcp.answers import Answers
from easytcp.registry import Registry
from easytcp.schedule import Schedule
from easytcp.session import Session

# Seconds. A process that is stopped and goes on (SIGSTOP, a paused container) finds its select() or
# poll() waiting for what was left of the timeout when it stopped. So no wait is long, and what is
# overdue then comes at once (clause 7.4).
LONGEST_WAIT = 0.1


class Server:
    """What a running server has: an acceptor, a registry, answers, a schedule of reports."""

    def __init__(self, acceptor: Acceptor, stop: farewell.StopSignal, interval: int) -> None:
        """`interval`: nanoseconds from report to report. The server is ready from here on."""
        started = time.monotonic_ns()
        self.acceptor = acceptor
        self.stop = stop  # when the server is to end
        self.registry = Registry(console.say)
        self._answers = Answers(started, time.monotonic_ns)
        self._schedule = Schedule(started, interval)

    def admit(self) -> Session | None:
        """The next client who waits to be accepted, without an ID yet; None if there is none."""
        try:
            accepted = self.acceptor.accept()
            return Session(*accepted, self._answers) if accepted else None
        except MemoryError:
            self.acceptor.rest(errno.ENOMEM)
            return None

    def report_if_due(self) -> None:
        """Print the reports that are due by now (part 7)."""
        while self._schedule.take_due(time.monotonic_ns()):
            self.registry.report()

    def report_is_due(self) -> bool:
        """Whether a report is due: cheap, for whoever has something else to do."""
        return self._schedule.is_due(time.monotonic_ns())

    def seconds_to_report(self) -> float:
        """Seconds until the next report is due, by the clock as it is now; LONGEST_WAIT at most."""
        return min(self._schedule.seconds_left(time.monotonic_ns()), LONGEST_WAIT)


def run(program: str, serve: Callable[[Server], None]) -> None:
    """Run a server: `serve` is to return when a stop is requested. Does not return."""
    # A thread's death would be told by a stack trace otherwise.
    sys.unraisablehook = lambda fault: _internal_error(program, fault.exc_value)
    try:
        status = _run(program, serve)
    except Exception as error:  # a fault of ours; even that is told in one line
        _internal_error(program, error)
        status = 1
    # At once: no thread is waited for, the system ends the connections.
    os._exit(status)


def _internal_error(program: str, error: BaseException | None) -> None:
    console.complain(program, f"internal error: {error!r}")


def _run(program: str, serve: Callable[[Server], None]) -> int:
    console.guard_descriptors()
    try:
        port, interval = commandline.server(sys.argv[1:])
    except commandline.UsageWanted as wanted:
        usage = commandline.SERVER_USAGE.format(program=program)
        return console.usage(usage, wanted.asked)
    raise_limit()
    stop = farewell.StopSignal()
    try:
        listener = open_listener(port)
    except OSError as error:
        reason = os.strerror(error.errno) if error.errno else str(error)
        console.complain(program, f"cannot listen on port {port}: {reason}")
        return 1
    acceptor = Acceptor(listener, lambda sentence: console.complain(program, sentence))
    port = listener.getsockname()[1]
    server = Server(acceptor, stop, interval)
    console.say(b"The server is ready to receive on port %d\n" % port)
    serve(server)
    console.say(farewell.BYE)
    return 0
