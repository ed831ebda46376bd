"""One client's side of the service: bytes in, bytes out, what is wanted next. No socket in sight.

A conversation holds little, whatever its client does (clause 9.1): the input of one receive, one
payload that is still coming, the output of one turn. It wants no input while output waits.
"""

from __future__ import annotations

from easytcp import wire
from easytcp.answers import UPPER, Answers, refusal

# What a conversation wants next.
READ = 0  # to be given what the client sends
WRITE = 1  # `output` to be sent
DROP = 2  # the sending side to be shut down, what still comes to be dropped (clause 5.2)
CLOSE = 3  # the connection to be closed

# A turn is short, so that two hundred clients who flood the server do not keep another one waiting.
RECEIVE = 4096  # bytes to receive at a time, besides those of a payload that is coming
ENOUGH = 4096  # bytes of output after which a turn ends


class Conversation:
    """What has come from one client and what is owed to it."""

    __slots__ = (
        "_address", "_answers", "_command", "_failed", "_input", "_missing", "_payload",
        "_refusal", "output", "wants",
    )  # fmt: skip

    def __init__(self, answers: Answers, address: bytes) -> None:
        self._answers = answers
        self._address = address
        self._input = b""  # received, not yet looked at: less than a header while waiting to read
        self._command = b""  # of the request whose payload is coming; empty between requests
        self._missing = 0  # bytes of that payload still to come
        self._payload: bytearray | None = None  # what has come of it, if it came in pieces
        self._refusal: bytes | None = None  # the ERR reply that waits for its end
        self._failed = False  # an error has been answered after which the connection ends
        self.output: bytes | memoryview = b""
        self.wants = READ

    @property
    def room(self) -> int:
        """How many bytes to receive at most."""
        return RECEIVE + self._missing

    def receive(self, data: bytes) -> None:
        """Take what came; b"" is the client's end. To be called on READ and on DROP alone."""
        if not data:
            # Every request that has come whole is answered by now; the rest gets nothing (1.4).
            self.wants = CLOSE
        elif self.wants == READ:
            self._input = self._input + data if self._input else data
            self._take_turn()

    def sent(self, size: int) -> None:
        """The first `size` bytes of the output are on their way. To be called on WRITE alone."""
        if size < len(self.output):
            self.output = memoryview(self.output)[size:]  # no copy, however small the steps
            return
        self.output = b""
        self._take_turn()  # there may be more in what was received

    def abandon(self) -> None:
        """The client is gone; nobody waits for anything any more."""
        self._input = self.output = b""
        self._payload = None
        self.wants = CLOSE

    def _take_turn(self) -> None:
        """Answer what has come whole, up to ENOUGH of output, and settle what is wanted next."""
        replies: list[bytes] = []
        if self._input and not self._failed:
            try:
                self._answer(replies)
            except wire.WireError as error:
                self._failed = True
                self._input = b""
                replies.append(wire.err(error.text))
        self.output = b"".join(replies)
        if self.output:
            self.wants = WRITE
        else:
            self.wants = DROP if self._failed else READ

    def _answer(self, replies: list[bytes]) -> None:
        """Add a reply for each request that has come whole. Raises WireError (4.3, 4.4)."""
        data = self._input
        at = 0
        weight = 0
        try:
            while weight < ENOUGH:
                if not self._command:
                    line_end = data.find(wire.LF, at, at + wire.MAX_REQUEST_HEADER)
                    if line_end < 0:
                        if len(data) - at >= wire.MAX_REQUEST_HEADER:
                            raise wire.WireError(wire.MALFORMED_HEADER)
                        break
                    command, self._missing = wire.parse_request_header(data[at:line_end])
                    self._command = command
                    self._refusal = refusal(command, self._missing)
                    at = line_end + 1
                piece = data[at : at + self._missing]
                at += len(piece)
                self._missing -= len(piece)
                if self._missing:
                    self._keep(piece)
                    break
                replies.append(self._reply(piece))
                weight += len(replies[-1])
        finally:
            self._input = data[at:]

    def _keep(self, piece: bytes) -> None:
        """A payload comes in pieces: keep this one, or drop it if nobody will need it."""
        if self._refusal is None:
            if self._payload is None:
                self._payload = bytearray()
            self._payload += piece

    def _reply(self, last_piece: bytes) -> bytes:
        """The reply to the request that is now whole."""
        command, self._command = self._command, b""
        if self._refusal is not None:
            return self._refusal
        payload = last_piece
        if self._payload is not None:
            payload = bytes(self._payload + last_piece)
            self._payload = None
        return self._answers.reply(command, payload, self._address)
