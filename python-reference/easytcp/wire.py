"""The codec of EasyTCP/1: how headers are written and judged (part 2). No socket in sight.

    request = command SP length LF payload
    reply   = status  SP length LF payload
"""

from __future__ import annotations

LF = b"\n"
MAX_PAYLOAD = 65535  # clause 2.2
MAX_REQUEST_HEADER = 23  # clause 2.1: 16 letters, SP, 5 digits, LF
MAX_REPLY_HEADER = 10  # "ERR 65535\n"
MAX_COMMAND = 16
MAX_LENGTH_DIGITS = 5

# The payloads of ERR replies (part 4).
UNKNOWN_COMMAND = b"unknown command"
UNEXPECTED_PAYLOAD = b"unexpected payload"
MALFORMED_HEADER = b"malformed header"
PAYLOAD_TOO_LARGE = b"payload too large"

OK = b"OK"
ERR = b"ERR"


class WireError(Exception):
    """Bytes that break the protocol. `text` is the ERR payload that says how (part 4)."""

    def __init__(self, text: bytes) -> None:
        super().__init__(text.decode("ascii"))
        self.text = text


def parse_length(digits: bytes) -> int:
    """The value of a length: "0", or up to 5 digits that start with 1-9.

    Raises WireError: malformed, or above 65535 (clauses 4.3, 4.4).
    """
    # bytes.isdigit() knows ASCII digits alone; int() would also take signs, spaces, underscores.
    if not digits.isdigit() or len(digits) > MAX_LENGTH_DIGITS:
        raise WireError(MALFORMED_HEADER)
    if digits[0] == 0x30 and digits != b"0":
        raise WireError(MALFORMED_HEADER)
    length = int(digits)
    if length > MAX_PAYLOAD:
        raise WireError(PAYLOAD_TOO_LARGE)
    return length


def parse_request_header(line: bytes) -> tuple[bytes, int]:
    """Command and payload length of a request's header, given without its LF.

    Raises WireError: malformed, or a length above 65535 (clauses 4.3, 4.4).
    """
    command, _, digits = line.partition(b" ")
    # On bytes, isalpha() and isupper() know ASCII letters alone, whatever the locale.
    if not (command.isalpha() and command.isupper()) or len(command) > MAX_COMMAND:
        raise WireError(MALFORMED_HEADER)
    return command, parse_length(digits)


def request(command: bytes, payload: bytes = b"") -> bytes:
    """A whole request, ready to send."""
    return b"%b %d\n%b" % (command, len(payload), payload)


def ok(payload: bytes) -> bytes:
    """A whole OK reply, ready to send."""
    return b"OK %d\n%b" % (len(payload), payload)


def err(text: bytes) -> bytes:
    """A whole ERR reply, ready to send."""
    return b"ERR %d\n%b" % (len(text), text)


class ReplyReader:
    """Puts one reply together from pieces of any size, and judges its header on the way."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._start = 0  # where the payload starts; 0 while the header is not complete
        self._end = 0
        self.status = b""

    def feed(self, piece: bytes) -> bool:
        """Add what was received; true once the reply is whole.

        Raises WireError at the header's LF, or at its 10th byte without one, if it is not legal
        (clause 10.11).
        """
        self._bytes += piece
        if not self._start:
            line_end = self._bytes.find(LF, 0, MAX_REPLY_HEADER)
            if line_end < 0:
                if len(self._bytes) >= MAX_REPLY_HEADER:
                    raise WireError(MALFORMED_HEADER)
                return False
            self.status, _, digits = bytes(self._bytes[:line_end]).partition(b" ")
            if self.status not in (OK, ERR):
                raise WireError(MALFORMED_HEADER)
            self._start = line_end + 1
            self._end = self._start + parse_length(digits)
        return len(self._bytes) >= self._end

    @property
    def payload(self) -> bytes:
        """The whole reply's payload."""
        return bytes(self._bytes[self._start : self._end])

    @property
    def surplus(self) -> bool:
        """Whether more came than the whole reply: bytes that nobody asked for."""
        return len(self._bytes) > self._end
