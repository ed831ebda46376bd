#!/usr/bin/env python3
"""The EasyTCP server with one thread for each client: every thread waits in its own blocking call.

The main thread waits for the next report, another one at the door, and each client's for its
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

from easytcp import house  # noqa: E402
from easytcp.conversation import CLOSE, DROP, WRITE  # noqa: E402
from easytcp.guest import Guest  # noqa: E402

PROGRAM = "MultiThreadTCPServer.py"
STACK = 256 * 1024  # bytes of each thread's stack; the default is 8 MiB
RESERVE = 4 * 1024 * 1024  # bytes of memory that must be left for one more thread to be had


class MultiThreadTCPServer:
    """A thread for each client, one for the door, and the main thread for reports and signals."""

    def __init__(self, its_house: house.House) -> None:
        self._house = its_house
        # Registry and stdout, together: what the lines tell is one history (6.6).
        self._history = threading.Lock()
        # Held while requests are answered. Answering needs the interpreter's own lock anyway, but
        # that one is fought for: among hundreds of busy threads the main thread would lose, and
        # reports come late. Here all but one of them queue up.
        self._turn = threading.Lock()
        self._someone_left = threading.Event()

    def serve(self) -> None:
        """Serve until the bell rings."""
        threading.stack_size(STACK)
        _thread.start_new_thread(self._keep_door, ())
        bell = self._house.bell
        while not bell.rung:
            select.select((bell,), (), (), self._house.seconds_to_report())
            with self._history:
                self._house.report_if_due()
        self._history.acquire()  # for good: no line follows the last one

    def _keep_door(self) -> None:
        """Let in those who wait at the door, in the order of their coming."""
        door = self._house.door
        while True:
            if not door.someone_waits():
                door.wait()
            self._someone_left.clear()
            guest = self._house.admit()
            if guest is not None:
                self._welcome(guest)
            elif door.seconds_shut():
                self._someone_left.wait(door.seconds_shut())
                door.someone_left()

    def _welcome(self, guest: Guest) -> None:
        guest.connection.setblocking(True)
        try:
            # A thread that the system grants with its last memory dies in its first step, untold.
            mmap.mmap(-1, RESERVE).close()
            with self._history:
                # The thread must be there before an ID is given; its first act is to wait for the
                # lock, and so for the ID. (Thread.start() would have us wait for the thread, too.)
                _thread.start_new_thread(self._attend, (guest,))
                guest.number = self._house.registry.join()
        except (OSError, RuntimeError, MemoryError):
            self._house.door.refuse(guest.connection, "cannot serve more clients: no more threads")

    def _attend(self, guest: Guest) -> None:
        """A client's thread: from its ID to its end."""
        with self._history:
            if not guest.number:  # refused after all
                return
        self._converse(guest)
        with self._history:
            self._house.registry.leave(guest.number)
        guest.close()
        self._someone_left.set()

    def _converse(self, guest: Guest) -> None:
        while guest.wants != CLOSE:
            if guest.wants == WRITE:
                size = guest.send()
                with self._turn:
                    guest.sent(size)
            else:
                if guest.wants == DROP:
                    guest.connection.settimeout(guest.seconds_left())
                data = guest.receive()
                with self._turn:
                    guest.received(data)


if __name__ == "__main__":
    house.run(PROGRAM, lambda its_house: MultiThreadTCPServer(its_house).serve())
