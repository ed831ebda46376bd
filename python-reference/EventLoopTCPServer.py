#!/usr/bin/env python3
"""The EasyTCP server with one thread: the kernel's readiness queue tells who is ready.

The queue keeps the list of what is awaited, so that a pass costs what is ready and not what is
connected; selectors takes the best that the system has (epoll, kqueue, poll). Its timeout ends at
the next report, or before. No call but its select() ever waits. What clients are answered, and when a report is
due, is the business of easytcp/; NonBlockingTCPServer.py differs in how it waits, and in nothing
else.

    EventLoopTCPServer.py [port] [report-seconds]
"""

from __future__ import annotations

from easytcp import farewell

farewell.arm(farewell.BYE)  # before anything else: a signal may come at any time

import errno  # noqa: E402
import selectors  # noqa: E402
from collections import OrderedDict  # noqa: E402

from easytcp.conversation import CLOSE, DROP, WRITE  # noqa: E402
from easytcp.server import Server, run  # noqa: E402
from easytcp.session import Session  # noqa: E402

PROGRAM = "EventLoopTCPServer.py"
ACCEPTS_PER_PASS = 256  # so that a storm of new clients does not keep the others waiting


class EventLoopTCPServer:
    """One thread that waits for the readiness queue."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._listener = server.acceptor.listener
        self._queue = selectors.DefaultSelector()
        self._queue.register(self._listener, selectors.EVENT_READ)
        self._queue.register(server.stop.fileno(), selectors.EVENT_READ)
        self._listens = True
        self._dropping: OrderedDict[Session, None] = OrderedDict()  # the first to be closed first: each has a second

    def serve(self) -> None:
        """Serve until a stop is requested."""
        stop = self._server.stop
        while not stop.requested:
            ready = self._queue.select(self._timeout())
            self._server.report_if_due()
            someone_waits = False
            for key, _ in ready:
                someone_waits |= key.fileobj is self._listener
                if key.data is not None:
                    self._serve(key.data, key.events)
                    # One pass may serve ten thousand sessions; neither waits for its end.
                    self._server.report_if_due()
                    if stop.requested:
                        return
            while (first := self._first_dropping()) is not None and first.overdue():
                self._close(first)
            if someone_waits:
                self._admit()
            self._watch_listener()

    def _timeout(self) -> float:
        """Seconds until something is to be done even if nobody stirs, by the clock as it is now."""
        waits = [self._server.seconds_to_report()]
        if (first := self._first_dropping()) is not None:
            waits.append(first.seconds_left())
        if not self._listens:
            waits.append(self._server.acceptor.rest_left())
        return min(waits)

    def _first_dropping(self) -> Session | None:
        return next(iter(self._dropping), None)

    def _serve(self, session: Session, awaited: int) -> None:
        """Do one step of what the session wants."""
        if session.wants != WRITE:
            session.received(session.receive())
        if session.wants == WRITE:
            session.sent(session.send())
        self._wait_for(session, awaited)

    def _wait_for(self, session: Session, awaited: int) -> None:
        """Have the queue wait for what the session wants now."""
        if session.wants == CLOSE:
            self._close(session)
            return
        if session.wants == DROP:
            self._dropping.setdefault(session)
        # Nothing is read from one who does not take his replies.
        wanted = selectors.EVENT_WRITE if session.wants == WRITE else selectors.EVENT_READ
        if wanted != awaited:
            self._queue.modify(session.connection, wanted, session)

    def _close(self, session: Session) -> None:
        self._queue.unregister(session.connection)
        self._dropping.pop(session, None)
        self._server.registry.leave(session.number)
        session.close()
        self._server.acceptor.client_left()

    def _admit(self) -> None:
        """Accept those who wait."""
        for _ in range(ACCEPTS_PER_PASS):
            if not self._server.acceptor.is_client_waiting():
                return
            session = self._server.admit()
            if session is not None:
                self._admit_session(session)
            elif self._server.acceptor.rest_left():
                return

    def _admit_session(self, session: Session) -> None:
        session.connection.setblocking(False)
        try:
            self._queue.register(session.connection, selectors.EVENT_READ, session)
        except (OSError, MemoryError):
            self._server.acceptor.refuse(
                session.connection, "cannot serve more clients: the readiness queue is full"
            )
            return
        session.number = self._server.registry.join()

    def _watch_listener(self) -> None:
        listens = not self._server.acceptor.rest_left()
        if listens == self._listens:
            return
        if listens:
            try:
                self._queue.register(self._listener, selectors.EVENT_READ)
            except OSError as error:  # others have filled the queue meanwhile
                self._server.acceptor.rest(error.errno or errno.ENOSPC)
                return
        else:
            self._queue.unregister(self._listener)
        self._listens = listens


if __name__ == "__main__":
    run(PROGRAM, lambda server: EventLoopTCPServer(server).serve())
