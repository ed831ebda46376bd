"""An asker: speaks the frames of `supervisor --serve` (the head of conversation.c says what they are)."""

from __future__ import annotations

import re
import signal
import socket
import struct
import subprocess
from typing import NamedTuple

from . import PATIENCE, SUPERVISOR


class Frame(NamedTuple):
    type: str
    when: int  # ns of the monotonic clock
    payload: bytes

    @property
    def number(self) -> int:
        return int.from_bytes(self.payload, "big")


class Serving:
    """A supervisor that serves."""

    def __init__(self, *command: str, program: tuple[str, ...] = (SUPERVISOR,)) -> None:
        self.process = subprocess.Popen([*program, "--serve", "0", *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.line = self.process.stdout.readline()
        self.port = int(re.fullmatch(rb"The supervisor listens on port (\d+)\n", self.line)[1])

    def __enter__(self) -> Serving:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.returncode is None:
            self.end(signal.SIGTERM)

    def end(self, number: int) -> tuple[int, bytes]:
        """Sends a signal; returns the exit status, and all that was said on stderr."""
        self.process.send_signal(number)
        errors = self.process.communicate(timeout=PATIENCE)[1]
        return self.process.returncode, errors


class Asker:
    """One connection to it."""

    def __init__(self, port: int, host: str = "127.0.0.1", receive_buffer: int | None = None) -> None:
        self.socket = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(PATIENCE)
        self.socket.connect((host, port))
        self.seen: list[Frame] = []

    def __enter__(self) -> Asker:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def say(self, type: str, payload: bytes = b"") -> None:
        self.socket.sendall(type.encode() + struct.pack(">I", len(payload)) + payload)

    def start(self, *arguments: str, **variables: str) -> int:
        """Asks for a run and returns the peer's process ID."""
        for name, value in variables.items():
            self.say("E", f"{name}={value}".encode())
        for argument in arguments:
            self.say("A", argument.encode())
        self.say("S")
        return self.hear("P").number

    def signal(self, number: int) -> None:
        self.say("K", bytes([number]))

    def next(self) -> Frame | None:
        """The next frame; None at the end, a reset included."""
        head = self._read(5)
        if head is None:
            return None
        length = int.from_bytes(head[1:], "big")
        payload = self._read(length)
        assert payload is not None and length >= 8
        frame = Frame(chr(head[0]), int.from_bytes(payload[:8], "big"), payload[8:])
        self.seen.append(frame)
        return frame

    def hear(self, type: str) -> Frame:
        """The next frame of a type; those before it are kept in `seen`."""
        while (frame := self.next()) is not None:
            if frame.type == type:
                return frame
        raise AssertionError(f"the connection ended before a frame {type}; there were {self.seen[-5:]}")

    def hear_text(self, wanted: bytes, type: str = "O") -> None:
        """Awaits that the peer has printed something."""
        text = self.text(type)
        while wanted not in text:
            text = text[-len(wanted) :] + self.hear(type).payload

    def hear_all(self) -> list[Frame]:
        while self.next() is not None:
            pass
        return self.seen

    def text(self, type: str = "O") -> bytes:
        return b"".join(frame.payload for frame in self.seen if frame.type == type)

    def types(self) -> str:
        """The types of all frames in their order; pieces of one stream that follow each other are one."""
        return re.sub(r"(O|R)\1+", r"\1", "".join(frame.type for frame in self.seen))

    def _read(self, length: int) -> bytes | None:
        data = bytearray()
        while len(data) < length:
            try:
                piece = self.socket.recv(length - len(data))
            except ConnectionResetError:
                piece = b""
            if not piece:
                return None
            data += piece
        return bytes(data)
