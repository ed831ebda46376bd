#!/usr/bin/env python3
"""The EasyTCP server with one thread for each client: every thread waits in its own blocking call.

The main thread waits for the next report, another one for new clients, and each client's for its
client. What clients are answered, and when a report is due, is the business of easytcp/;
NonBlockingTCPServer.py differs in how it waits, and in nothing else.

    MultiThreadTCPServer.py [port] [report-seconds]
"""

from __future__ import annotations

from easytcp import farewell

farewell.arm(farewell.BYE)  # before anything else: a signal may come at any time

import _thread  # noqa: E402
import mmap  # noqa: E402
import select  # noqa: E402
import threading  # noqa: E402

from easytcp.conversation import CLOSE, DROP, WRITE  # noqa: E402
from easytcp.server import Server, run  # noqa: E402
from easytcp.session import Session  # noqa: E402

PROGRAM = "MultiThreadTCPServer.py"
STACK = 256 * 1024  # bytes of each thread's stack; the default is 8 MiB
RESERVE = 4 * 1024 * 1024  # bytes of memory that must be left for one more thread to be had


class MultiThreadTCPServer:
    """A thread for each client, one that accepts, and the main thread for reports and signals."""

    def __init__(self, server: Server) -> None:
        self._server = server
        # Registry and stdout, together: what the lines tell is one history (6.6).
        self._history = threading.Lock()
        # Held while requests are answered. Answering needs the interpreter's own lock anyway, but
        # that one is fought for: among hundreds of busy threads the main thread would lose, and
        # reports come late. Here all but one of them queue up.
        self._turn = threading.Lock()
        self._client_left = threading.Event()

    def serve(self) -> None:
        """Serve until a stop is requested."""
        threading.stack_size(STACK)
        _thread.start_new_thread(self._accept_clients, ())
        stop = self._server.stop
        while not stop.requested:
            select.select((stop,), (), (), self._server.seconds_to_report())
            with self._history:
                self._server.report_if_due()
        self._history.acquire()  # for good: no line follows the last one

    def _accept_clients(self) -> None:
        """Accept those who wait, in the order of their coming."""
        acceptor = self._server.acceptor
        while True:
            if not acceptor.is_client_waiting():
                acceptor.wait()
            self._client_left.clear()
            session = self._server.admit()
            if session is not None:
                self._admit_session(session)
            elif acceptor.rest_left():
                self._client_left.wait(acceptor.rest_left())
                acceptor.client_left()

    def _admit_session(self, session: Session) -> None:
        session.connection.setblocking(True)
        try:
            # A thread that the system grants with its last memory dies in its first step, untold.
            mmap.mmap(-1, RESERVE).close()
            with self._history:
                # The thread must be there before an ID is given; its first act is to wait for the
                # lock, and so for the ID. (Thread.start() would have us wait for the thread, too.)
                _thread.start_new_thread(self._serve_client, (session,))
                session.number = self._server.registry.join()
                self._server.report_if_due()
        except (OSError, RuntimeError, MemoryError):
            self._server.acceptor.refuse(
                session.connection, "cannot serve more clients: no more threads"
            )

    def _serve_client(self, session: Session) -> None:
        """A client's thread: from its ID to its end."""
        with self._history:
            if not session.number:  # refused after all
                return
        self._converse(session)
        with self._history:
            self._server.registry.leave(session.number)
            self._server.report_if_due()  # thousands may wait for the lock, and main among them
        session.close()
        self._client_left.set()

    def _look_for_reports(self) -> None:
        """Print the reports that are due, unless another thread is at it.

        Whoever has served his client looks: where thousands want the interpreter, the main thread
        may get it seconds late (clause 7.3).
        """
        if self._server.report_is_due() and self._history.acquire(blocking=False):
            try:
                self._server.report_if_due()
            finally:
                self._history.release()

    def _converse(self, session: Session) -> None:
        while session.wants != CLOSE:
            self._look_for_reports()
            if session.wants == WRITE:
                size = session.send()
                with self._turn:
                    session.sent(size)
            else:
                if session.wants == DROP:
                    session.connection.settimeout(session.seconds_left())
                data = session.receive()
                with self._turn:
                    session.received(data)


if __name__ == "__main__":
    run(PROGRAM, lambda server: MultiThreadTCPServer(server).serve())
