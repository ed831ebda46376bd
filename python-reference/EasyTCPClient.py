#!/usr/bin/env python3
"""The EasyTCP client: a menu on stdin and stdout, one request after another (part 10).

    EasyTCPClient.py [host] [port]
"""

from __future__ import annotations

from easytcp import farewell

farewell.arm(b"\n" + farewell.BYE)  # before anything else: a signal may come at any time

import os  # noqa: E402
import sys  # noqa: E402

from easytcp import answers, commandline, console, wire  # noqa: E402
from easytcp.connecting import connect  # noqa: E402
from easytcp.exchange import Exchange, SessionError, shown  # noqa: E402
from easytcp.linereader import LineReader  # noqa: E402

PROGRAM = "EasyTCPClient.py"

MENU = b"""\
<Menu>
1) convert text to UPPER-case
2) get my IP address and port number
3) get server request count
4) get server running time
5) exit
Input option: """
ASK_SENTENCE = b"Input sentence: "
TOO_LONG = b"The sentence is longer than 65535 bytes; nothing was sent\n"
COMMANDS = {b"2": answers.ADDR, b"3": answers.COUNT, b"4": answers.UPTIME}


class Client:
    """A session at the menu. What it has to say before it waits, it says in one write."""

    def __init__(self, exchange: Exchange, lines: LineReader) -> None:
        self._exchange = exchange
        self._lines = lines

    def run(self, greeting: bytes) -> None:
        """Work the menu until option 5 or the end of stdin. Raises SessionError."""
        news = greeting
        while True:
            console.say(news + MENU)
            option = self._lines.line()
            if option == b"5":
                self._leave(farewell.BYE)
                return
            answer = None if option is None else self._work(option)
            if answer is None:  # the end of stdin: its prompt's line is still open
                self._leave(b"\n" + farewell.BYE)
                return
            news = answer

    def _leave(self, last_words: bytes) -> None:
        farewell.disarm()  # a signal that comes now would say it twice
        console.say(last_words)

    def _work(self, option: bytes) -> bytes | None:
        """Do what the option says; gives what to print, None at the end of stdin."""
        if option == b"1":
            console.say(ASK_SENTENCE)
            sentence = self._lines.line_up_to(wire.MAX_PAYLOAD)
            if sentence is None:
                return None
            if len(sentence) > wire.MAX_PAYLOAD:
                return TOO_LONG
            return self._ask(answers.UPPER, sentence)
        if option in COMMANDS:
            return self._ask(COMMANDS[option])
        return b"Invalid option: %b\n" % option

    def _ask(self, command: bytes, payload: bytes = b"") -> bytes:
        """Make a request; gives the lines that tell its reply."""
        status, text, elapsed = self._exchange.ask(command, payload)
        if status == wire.OK:
            told = b"Reply from server: " + shown(command, text)
        else:
            told = b"Error from server: " + text
        # By whole numbers: no locale has a say in what the point looks like.
        return b"%b\nRTT = %d.%03d ms\n" % (told, *divmod(elapsed // 1000, 1000))


def main() -> int:
    """Run the client; gives its exit status."""
    console.guard_descriptors()
    try:
        host, port = commandline.client(sys.argv[1:])
    except commandline.UsageWanted as wanted:
        return console.usage(commandline.CLIENT_USAGE.format(program=PROGRAM), wanted.asked)
    try:
        connection = connect(host, port)
        greeting = b"The client is running on port %d\n" % connection.getsockname()[1]
        wakers = farewell.end_waits()
        Client(Exchange(connection, wakers), LineReader(wakers)).run(greeting)
    except SessionError as error:
        farewell.disarm()
        console.complain(PROGRAM, str(error))
        return 1
    except Exception as error:  # a fault of ours; even that is told in one line
        console.complain(PROGRAM, f"internal error: {error!r}")
        return 1
    return 0


if __name__ == "__main__":
    os._exit(main())  # at once: a look-up may still be under way in its thread
