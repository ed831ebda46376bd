"""What the programs say: lines on stdout, complaints on stderr.

All of it goes to the descriptors directly. sys.stdout would buffer, would encode by the locale, and
would complain at the interpreter's exit about a pipe that nobody reads any more; here such a pipe
is no reason for anything (clause 7.5).
"""

from __future__ import annotations

import os

STDOUT = 1
STDERR = 2

speaking = False  # whether a write to stdout is under way, for a signal that comes just then
last_words: bytes | None = None  # what such a signal wants said after it, before the program ends


def guard_descriptors() -> None:
    """Open what the parent closed of stdin, stdout and stderr, on the null device.

    Else the first socket would become descriptor 0, 1 or 2, and the lines would go to a client.
    """
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            # What is opened gets the lowest free number, which is the missing one.
            os.open(os.devnull, os.O_RDWR)


def _write_whole(descriptor: int, data: bytes) -> None:
    """Write all of it, or as much as the descriptor's reader lets us."""
    rest = memoryview(data)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            # Someone made the descriptor non-blocking, as some terminals' owners do: wait for it.
            import select  # here: this module is imported before signals are seen to

            select.select((), (descriptor,), ())
        except OSError:
            return


def say(text: bytes) -> None:
    """Write whole lines (or a prompt) to stdout, now. A closed or broken stdout is ignored."""
    global speaking
    speaking = True
    _write_whole(STDOUT, text)
    speaking = False
    if last_words is not None:
        leave(last_words)


def leave(text: bytes) -> None:
    """Say this and end the program at once, with exit status 0."""
    try:
        os.write(STDOUT, text)
    except OSError:
        pass
    os._exit(0)


def complain(program: str, sentence: str) -> None:
    """Write one line to stderr: the program's name and a sentence."""
    line = f"{program}: {sentence}".encode("utf-8", "backslashreplace")
    # Names typed by people are part of it; whatever they contain, it stays one line.
    _write_whole(STDERR, line.replace(b"\n", b" ") + b"\n")


def usage(text: str, wanted: bool) -> int:
    """Print usage, on stdout if it was asked for; gives the exit status (clause 6.1)."""
    _write_whole(STDOUT if wanted else STDERR, text.encode("ascii"))
    return 0 if wanted else 2
