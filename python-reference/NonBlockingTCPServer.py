#!/usr/bin/env python3
"""The EasyTCP server with one thread: select() waits for everybody at once.

One loop asks select() who has sent something, who can take something, and who waits to be accepted;
its timeout is the next report. No call but select() ever waits. What clients are answered, and when
a report is due, is the business of easytcp/; MultiThreadTCPServer.py differs in how it waits, and
in nothing else.

    NonBlockingTCPServer.py [port] [report-seconds]
"""

from __future__ import annotations

from easytcp import farewell

farewell.arm(farewell.BYE)  # before anything else: a signal may come at any time

import select  # noqa: E402

from easytcp.conversation import CLOSE, DROP, WRITE  # noqa: E402
from easytcp.server import Server, run  # noqa: E402
from easytcp.session import Session  # noqa: E402

PROGRAM = "NonBlockingTCPServer.py"
ACCEPTS_PER_PASS = 256  # so that a storm of new clients does not keep the others waiting


class NonBlockingTCPServer:
    """One thread that waits in select()."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._listener = server.acceptor.listener.fileno()
        self._stop = server.stop.fileno()
        self._sessions: dict[int, Session] = {}  # by descriptor
        self._readers = {self._listener, self._stop}
        self._writers: set[int] = set()
        self._dropping: set[Session] = set()  # those who are to be closed within a second

    def serve(self) -> None:
        """Serve until a stop is requested."""
        stop = self._server.stop
        while not stop.requested:
            readable, writable, _ = select.select(self._readers, self._writers, (), self._timeout())
            self._server.report_if_due()
            for descriptor in writable + readable:
                session = self._sessions.get(descriptor)
                if session is not None:
                    self._serve(session)
                    # One pass may serve a thousand sessions; neither waits for its end.
                    self._server.report_if_due()
                    if stop.requested:
                        return
            for session in [session for session in self._dropping if session.overdue()]:
                self._close(session)
            if self._listener in readable:
                self._admit()
            self._watch_listener()

    def _timeout(self) -> float:
        """Seconds until something is to be done even if nobody stirs, by the clock as it is now."""
        waits = [session.seconds_left() for session in self._dropping]
        if self._listener not in self._readers:
            waits.append(self._server.acceptor.rest_left())
        return min([self._server.seconds_to_report(), *waits])

    def _serve(self, session: Session) -> None:
        """Do one step of what the session wants."""
        if session.wants != WRITE:
            session.received(session.receive())
        if session.wants == WRITE:
            session.sent(session.send())
        self._wait_for(session)

    def _wait_for(self, session: Session) -> None:
        """Have the next select() wait for what the session wants now."""
        descriptor = session.connection.fileno()
        if session.wants == CLOSE:
            self._close(session)
        elif session.wants == WRITE:  # nothing is read from one who does not take his replies
            self._readers.discard(descriptor)
            self._writers.add(descriptor)
        else:
            self._writers.discard(descriptor)
            self._readers.add(descriptor)
            if session.wants == DROP:
                self._dropping.add(session)

    def _close(self, session: Session) -> None:
        descriptor = session.connection.fileno()
        del self._sessions[descriptor]
        self._readers.discard(descriptor)
        self._writers.discard(descriptor)
        self._dropping.discard(session)
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
        descriptor = session.connection.fileno()
        try:
            select.select((descriptor,), (), (), 0)
        except ValueError:  # FD_SETSIZE, which Python does not tell
            self._server.acceptor.refuse(
                session.connection, "cannot serve more clients: select() is full"
            )
            return
        session.connection.setblocking(False)
        session.number = self._server.registry.join()
        self._sessions[descriptor] = session
        self._readers.add(descriptor)

    def _watch_listener(self) -> None:
        if self._server.acceptor.rest_left():
            self._readers.discard(self._listener)
        else:
            self._readers.add(self._listener)


if __name__ == "__main__":
    run(PROGRAM, lambda server: NonBlockingTCPServer(server).serve())
