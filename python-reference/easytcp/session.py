"""A connected client as a server sees it: its socket, its conversation, its end.

The socket may block or not, as the server chooses. Where it blocks, so does the method.
"""

from __future__ import annotations

import socket
import time

from easytcp import address
from easytcp.answers import Answers
from easytcp.conversation import DROP, Conversation
from easytcp.schedule import SECOND

LINGER = SECOND  # how long what still comes in is dropped after an error (clause 5.2)


class Session:
    """One accepted connection. `number` is its ID, 0 until it gets one."""

    __slots__ = ("_conversation", "_deadline", "connection", "number")

    def __init__(self, connection: socket.socket, host: str, port: int, answers: Answers) -> None:
        """`host` and `port`: the client's, as accept() told them."""
        self.connection = connection
        self.number = 0
        self._conversation = Conversation(answers, address.written(host, port))
        self._deadline = 0  # when dropping ends, in nanoseconds; 0 if it has not begun

    @property
    def wants(self) -> int:
        """READ or DROP: receive(), then received(). WRITE: send(), then sent(). CLOSE: close()."""
        return self._conversation.wants

    def receive(self) -> bytes | None:
        """What the client sent; b"" is its end, however it came. None: nothing now."""
        if self.overdue():
            return b""
        try:
            return self.connection.recv(self._conversation.room)
        except (BlockingIOError, InterruptedError):
            return None
        except (OSError, MemoryError):  # a reset, or a wait that was limited to seconds_left()
            return b""

    def received(self, data: bytes | None) -> None:
        """Answer what receive() gave."""
        if data is None:
            return
        try:
            self._conversation.receive(data)
        except MemoryError:  # his loss, and nobody else's
            self._conversation.abandon()

    def send(self) -> int:
        """Send what waits, or a part of it; gives the number of bytes, -1 if the client is gone."""
        try:
            return self.connection.send(self._conversation.output)
        except (BlockingIOError, InterruptedError):
            return 0
        except OSError:
            return -1

    def sent(self, size: int) -> None:
        """Go on after send() gave `size`."""
        if size < 0:
            self._conversation.abandon()
            return
        try:
            self._conversation.sent(size)
        except MemoryError:
            self._conversation.abandon()
        if self._conversation.wants == DROP:  # the ERR's last byte was among them
            self._deadline = time.monotonic_ns() + LINGER
            try:
                self.connection.shutdown(socket.SHUT_WR)
            except OSError:
                self._conversation.abandon()

    def seconds_left(self) -> float:
        """Seconds until dropping ends; a little more than 0 at least, for 0 means "do not wait"."""
        return max(self._deadline - time.monotonic_ns(), 1_000_000) / SECOND

    def overdue(self) -> bool:
        """Whether dropping has lasted long enough."""
        return bool(self._deadline) and time.monotonic_ns() >= self._deadline

    def close(self) -> None:
        """Close the connection."""
        try:
            self.connection.close()
        except OSError:  # a reset can be told here too
            pass
