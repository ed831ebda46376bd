"""One request and its reply, and what a reply may look like (clauses 10.5, 10.7, 10.10, 10.11)."""

from __future__ import annotations

import os
import select
import socket
import time

from easytcp import address, wire
from easytcp.answers import ADDR, COUNT, UPTIME

PATIENCE = 10_000_000_000  # nanoseconds from sending a request to the whole reply
PIECE = 65536  # bytes to receive at a time

GONE = "the server is gone"


class SessionError(Exception):
    """The session cannot go on; the text is a sentence for a person to read."""


class Exchange:
    """A connection as its client uses it: one request, one reply, the next request."""

    def __init__(self, connection: socket.socket, wakers: list[int]) -> None:
        """`wakers`: descriptors that end a wait when they become readable, for a signal."""
        self._wakers = wakers
        connection.setblocking(False)
        self._connection = connection
        self._surplus = False  # whether more than the last reply has come

    def ask(self, command: bytes, payload: bytes = b"") -> tuple[bytes, bytes, int]:
        """Send a request; give the reply's status and payload, and the nanoseconds it took.

        Raises SessionError if the server is gone, breaks the protocol, or takes longer than 10 s.
        """
        self._expect_silence()
        reader = wire.ReplyReader()
        rest = memoryview(wire.request(command, payload))
        started = time.monotonic_ns()
        complete = False
        while not complete or rest:
            # Read while writing (clause 1.5): a server may answer before it has read all.
            readable, writable = self._wait(started + PATIENCE, not complete, bool(rest))
            if readable:
                piece = self._receive()
                if not piece:
                    raise SessionError(GONE)
                try:
                    complete = reader.feed(piece)
                except wire.WireError:
                    raise SessionError("the server's reply has a wrong header") from None
            elif writable:
                rest = rest[self._send(rest) :]
        elapsed = time.monotonic_ns() - started
        self._surplus = reader.surplus
        return reader.status, reader.payload, elapsed

    def _expect_silence(self) -> None:
        """Raise SessionError if the server has said something since its last reply, or has gone."""
        if not self._surplus:
            try:
                if not self._connection.recv(1):
                    raise SessionError(GONE)
            except BlockingIOError:
                return
            except OSError as error:
                raise SessionError(f"{GONE}: {reason(error)}") from None
        raise SessionError("the server's reply is not EasyTCP: nobody asked for it")

    def _wait(self, deadline: int, reading: bool, writing: bool) -> tuple[bool, bool]:
        """Wait for something to receive, something to be sent, or both; says which it is.

        Raises SessionError at the deadline.
        """
        line: list[socket.socket | int] = [self._connection]
        while (left := deadline - time.monotonic_ns()) > 0:
            readers = line + self._wakers if reading else self._wakers
            readable, writable, _ = select.select(readers, line if writing else (), (), left / 1e9)
            if self._connection in readable or writable:
                return self._connection in readable, bool(writable)
        raise SessionError("the server did not reply within 10 seconds")

    def _receive(self) -> bytes:
        try:
            return self._connection.recv(PIECE)
        except OSError as error:
            raise SessionError(f"{GONE}: {reason(error)}") from None

    def _send(self, data: memoryview) -> int:
        try:
            return self._connection.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            # There may be a reply all the same, sent before the end; reading will tell.
            return len(data)


def reason(error: OSError) -> str:
    """The system's reason for an error, in its own words."""
    return os.strerror(error.errno) if error.errno else str(error)


def shown(command: bytes, payload: bytes) -> bytes:
    """What is shown of an OK reply's payload (clause 10.5).

    Raises SessionError if it is not of the form that the command promises (clause 10.11).
    """
    if command == ADDR:
        parts = address.parted(payload)
        if parts:
            return b"client IP = %b, port = %b" % parts
    elif command == COUNT:
        if payload.isdigit():  # on bytes: ASCII digits alone
            return b"requests served = " + payload
    elif command == UPTIME:
        if _is_uptime(payload):
            return b"run time = " + payload
    else:
        return payload
    raise SessionError(f"the server's reply is none to {command.decode('ascii')}")


def _is_uptime(text: bytes) -> bool:
    """2*DIGIT ":" MM ":" SS, MM and SS from 00 to 59."""
    hours, minutes, seconds = text[:-6], text[-5:-3], text[-2:]
    return (
        len(hours) >= 2
        and text[-6:-5] == text[-3:-2] == b":"
        and (hours + minutes + seconds).isdigit()
        and minutes < b"60"
        and seconds < b"60"
    )
