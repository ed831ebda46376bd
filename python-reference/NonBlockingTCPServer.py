#!/usr/bin/env python3
"""The EasyTCP server with one thread: select() waits for everybody at once.

One loop asks select() who has sent something, who can take something, and who is at the door; its
timeout is the next report. No call but select() ever waits. What clients are answered, and when a
report is due, is the business of easytcp/; MultiThreadTCPServer.py differs in how it waits, and in
nothing else.

    NonBlockingTCPServer.py [port] [report-seconds]
"""

from __future__ import annotations

from easytcp import farewell

farewell.arm(farewell.BYE)  # before anything else: a signal may come at any time

import select  # noqa: E402

from easytcp import house  # noqa: E402
from easytcp.conversation import CLOSE, DROP, WRITE  # noqa: E402
from easytcp.guest import Guest  # noqa: E402

PROGRAM = "NonBlockingTCPServer.py"
ADMIT = 256  # clients let in at one pass of the loop, so that those inside are not kept waiting


class NonBlockingTCPServer:
    """One thread that waits in select()."""

    def __init__(self, its_house: house.House) -> None:
        self._house = its_house
        self._door = its_house.door.listener.fileno()
        self._bell = its_house.bell.fileno()
        self._guests: dict[int, Guest] = {}  # by descriptor
        self._readers = {self._door, self._bell}
        self._writers: set[int] = set()
        self._dropping: set[Guest] = set()  # those who are to be closed within a second

    def serve(self) -> None:
        """Serve until the bell rings."""
        bell = self._house.bell
        while not bell.rung:
            readable, writable, _ = select.select(self._readers, self._writers, (), self._timeout())
            self._house.report_if_due()
            for descriptor in writable + readable:
                guest = self._guests.get(descriptor)
                if guest is not None:
                    self._serve(guest)
                    # One pass may serve a thousand guests; neither waits for its end.
                    self._house.report_if_due()
                    if bell.rung:
                        return
            for guest in [guest for guest in self._dropping if guest.overdue()]:
                self._bid_farewell(guest)
            if self._door in readable:
                self._admit()
            self._open_or_shut_door()

    def _timeout(self) -> float:
        """Seconds until something is to be done even if nobody stirs, by the clock as it is now."""
        waits = [guest.seconds_left() for guest in self._dropping]
        if self._door not in self._readers:
            waits.append(self._house.door.seconds_shut())
        return min([self._house.seconds_to_report(), *waits])

    def _serve(self, guest: Guest) -> None:
        """Do one step of what the guest wants."""
        if guest.wants != WRITE:
            guest.received(guest.receive())
        if guest.wants == WRITE:
            guest.sent(guest.send())
        self._wait_for(guest)

    def _wait_for(self, guest: Guest) -> None:
        """Have the next select() wait for what the guest wants now."""
        descriptor = guest.connection.fileno()
        if guest.wants == CLOSE:
            self._bid_farewell(guest)
        elif guest.wants == WRITE:  # nothing is read from one who does not take his replies
            self._readers.discard(descriptor)
            self._writers.add(descriptor)
        else:
            self._writers.discard(descriptor)
            self._readers.add(descriptor)
            if guest.wants == DROP:
                self._dropping.add(guest)

    def _bid_farewell(self, guest: Guest) -> None:
        descriptor = guest.connection.fileno()
        del self._guests[descriptor]
        self._readers.discard(descriptor)
        self._writers.discard(descriptor)
        self._dropping.discard(guest)
        self._house.registry.leave(guest.number)
        guest.close()
        self._house.door.someone_left()

    def _admit(self) -> None:
        """Let in those who wait at the door."""
        for _ in range(ADMIT):
            if not self._house.door.someone_waits():
                return
            guest = self._house.admit()
            if guest is not None:
                self._welcome(guest)
            elif self._house.door.seconds_shut():
                return

    def _welcome(self, guest: Guest) -> None:
        descriptor = guest.connection.fileno()
        try:
            select.select((descriptor,), (), (), 0)
        except ValueError:  # FD_SETSIZE, which Python does not tell
            self._house.door.refuse(guest.connection, "cannot serve more clients: select() is full")
            return
        guest.connection.setblocking(False)
        guest.number = self._house.registry.join()
        self._guests[descriptor] = guest
        self._readers.add(descriptor)

    def _open_or_shut_door(self) -> None:
        if self._house.door.seconds_shut():
            self._readers.discard(self._door)
        else:
            self._readers.add(self._door)


if __name__ == "__main__":
    house.run(PROGRAM, lambda its_house: NonBlockingTCPServer(its_house).serve())
