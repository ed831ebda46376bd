"""The arguments, by the grammar and nothing else (clauses 6.1, 10.1). No locale has a say."""

from __future__ import annotations

PORT = 12000
HOST = "localhost"
INTERVAL = 60_000_000_000  # nanoseconds

SERVER_USAGE = """\
Usage: {program} [port] [report-seconds]

  port            the TCP port to listen on, 0 to 65535; 0 lets the system choose one.
                  12000 if left out.
  report-seconds  the time from one report of the number of clients to the next,
                  0.1 to 86400, such as 1.5. 60 if left out.
  --help          print this and exit.
"""

CLIENT_USAGE = """\
Usage: {program} [host] [port]

  host    the server's name, IPv4 or IPv6 address. localhost if left out.
  port    the server's TCP port, 1 to 65535. 12000 if left out.
  --help  print this and exit.
"""


class UsageWanted(Exception):
    """Usage is to be printed: because of --help (`asked`), or because the arguments are wrong."""

    def __init__(self, asked: bool) -> None:
        super().__init__()
        self.asked = asked


def server(arguments: list[str]) -> tuple[int, int]:
    """Port, and report interval in nanoseconds. Raises UsageWanted."""
    _look_over(arguments)
    return (
        _port(arguments[0], 0) if arguments else PORT,
        _interval(arguments[1]) if len(arguments) > 1 else INTERVAL,
    )


def client(arguments: list[str]) -> tuple[str, int]:
    """Host and port. Raises UsageWanted."""
    _look_over(arguments)
    if arguments and (not arguments[0] or arguments[0].startswith("-")):
        raise UsageWanted(False)
    return (
        arguments[0] if arguments else HOST,
        _port(arguments[1], 1) if len(arguments) > 1 else PORT,
    )


def _look_over(arguments: list[str]) -> None:
    if "--help" in arguments:
        raise UsageWanted(True)
    if len(arguments) > 2:
        raise UsageWanted(False)


def _digits(text: str) -> bool:
    """1*DIGIT. str.isdigit() alone would take the digits of all the world's scripts."""
    return text.isascii() and text.isdigit()


def _port(text: str, lowest: int) -> int:
    """A port by 1*5DIGIT, from `lowest` to 65535. Raises UsageWanted."""
    if not _digits(text) or len(text) > 5 or not lowest <= int(text) <= 65535:
        raise UsageWanted(False)
    return int(text)


def _interval(text: str) -> int:
    """Nanoseconds of a decimal number of seconds from 0.1 to 86400. Raises UsageWanted.

    No float is made of it: 86400.0000000000001 is above the limit, and a number may be as long as
    its typist likes.
    """
    whole, point, fraction = text.partition(".")
    if not _digits(whole) or (point and not _digits(fraction)):
        raise UsageWanted(False)
    whole = whole.lstrip("0")
    fraction = fraction.rstrip("0")
    if len(whole) > 5:
        raise UsageWanted(False)
    seconds = int(whole or "0")
    if seconds > 86400 or (seconds == 86400 and fraction):
        raise UsageWanted(False)
    if seconds == 0 and (not fraction or fraction.startswith("0")):  # below 0.1
        raise UsageWanted(False)
    return seconds * 1_000_000_000 + int(fraction[:9].ljust(9, "0"))
