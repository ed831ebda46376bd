"""Lines from stdin, as bytes (clause 10.4)."""

from __future__ import annotations

import os
import select

STDIN = 0
PIECE = 65536  # bytes to read at a time


class LineReader:
    """Reads stdin line by line. Bytes stay what they are: no encoding, no trimming."""

    def __init__(self, wakers: list[int]) -> None:
        """`wakers`: descriptors that end a wait when they become readable, for a signal."""
        self._waits = [STDIN, *wakers]
        self._piece = b""  # read, and given out up to _at
        self._at = 0
        self._at_end = False

    def line(self) -> bytes | None:
        """The next line without its LF, and without one CR before it; None at the end of stdin.

        A last line without LF counts; nothing is taken off it.
        """
        return self._line(None)

    def line_up_to(self, limit: int) -> bytes | None:
        """As line(), but of a line longer than `limit` bytes only its first `limit` + 1 are given.

        The rest of it is read and dropped: a line may be longer than memory.
        """
        line = self._line(limit + 2)  # limit, the CR, and one to tell that there was more
        return None if line is None else line[: limit + 1]

    def _line(self, keep: int | None) -> bytes | None:
        """The next line, its first `keep` bytes if there are more."""
        parts: list[bytes] = []
        room = keep
        while self._at < len(self._piece) or self._read():
            end = self._piece.find(b"\n", self._at)
            part = self._piece[self._at : end if end >= 0 else len(self._piece)]
            self._at = end + 1 if end >= 0 else len(self._piece)
            if room is None:
                parts.append(part)
            elif room:
                parts.append(part[:room])
                room -= len(parts[-1])
            if end >= 0:
                line = b"".join(parts)
                # With room used up, the end of what was kept may not be the end of the line; then
                # the CR is one of more than limit + 1 bytes, and line_up_to() cuts it off anyway.
                return line[:-1] if line.endswith(b"\r") else line
        return b"".join(parts) or None

    def _read(self) -> bool:
        """Read the next piece; false at the end. An stdin that cannot be read is at its end."""
        while not self._at_end:
            try:
                if STDIN not in select.select(self._waits, (), ())[0]:
                    continue
                self._piece = os.read(STDIN, PIECE)
                self._at = 0
                self._at_end = not self._piece
                return bool(self._piece)
            except BlockingIOError:  # someone made it non-blocking, and someone else was quicker
                continue
            except OSError:
                self._at_end = True
        return False
