"""The listening socket: how it is opened, how clients are accepted, and what if not (part 9)."""

from __future__ import annotations

import errno
import os
import resource
import select
import socket
import time
from collections.abc import Callable

from easytcp import keepalive
from easytcp.schedule import SECOND

REST = SECOND  # how long the listener is left alone when there are no descriptors (clause 9.2)

# What accept() says when the system or this process has no room for one more, or when the system
# forbids it: whoever waits goes on waiting.
_LASTING = frozenset(
    (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.EPERM, errno.EACCES)
)
# What is set on every client's connection.
_OPTIONS = ((socket.IPPROTO_TCP, socket.TCP_NODELAY, 1), *keepalive.OPTIONS)  # clause 1.6
# What socket() and bind() say where IPv6 is off.
_NO_IPV6 = frozenset((errno.EAFNOSUPPORT, errno.EADDRNOTAVAIL))


def raise_limit() -> None:
    """Raise the soft limit of descriptors to the hard one (clause 9.2)."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (OSError, ValueError):  # some systems say "no limit" and do not take it back
        pass


def open_listener(port: int) -> socket.socket:
    """A listening socket for IPv6 and IPv4, for IPv4 alone where IPv6 is off (clause 6.2).

    Raises OSError if the port is in use or may not be bound.
    """
    try:
        return _listener(socket.AF_INET6, "::", port)
    except OSError as error:
        if error.errno not in _NO_IPV6:
            raise
    return _listener(socket.AF_INET, "", port)


def _listener(family: int, host: str, port: int) -> socket.socket:
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        # To start again at once while old connections linger (8.2). Never SO_REUSEPORT: that would
        # let a second server in.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(socket.SOMAXCONN)
        listener.setblocking(False)  # someone who waited may be gone when accept() looks
    except OSError:
        listener.close()
        raise
    return listener


class Acceptor:
    """Accepts clients, one at a time, and tells of trouble once an episode.

    An episode lasts until nobody is left waiting to be accepted and the last attempt went well.
    """

    def __init__(self, listener: socket.socket, complain: Callable[[str], None]) -> None:
        """`complain` gets a sentence for a person to read."""
        self.listener = listener
        self._complain = complain
        self._told: set[str] = set()  # in this episode
        self._went_well = True  # the last attempt
        self._rest_until = 0  # nanoseconds, monotonic

    def wait(self) -> None:
        """Block until someone waits to be accepted."""
        select.select((self.listener,), (), ())

    def is_client_waiting(self) -> bool:
        """Whether someone waits to be accepted. If not, an episode may be over."""
        # Asked before each attempt, and not found out by it: with the last descriptor given away,
        # accept() fails also when nobody is there.
        if select.select((self.listener,), (), (), 0)[0]:
            return True
        if self._went_well:
            self._told.clear()
        return False

    def accept(self) -> tuple[socket.socket, str, int] | None:
        """The next client's connection, host and port.

        None if there is none after all, or if there is no room for it; then the listener rests.
        """
        try:
            connection, (host, port, *_) = self.listener.accept()
        except OSError as error:
            if error.errno in _LASTING:
                self.rest(error.errno)
            # Anything else is about a client that came and went; the next one may be fine.
            return None
        self._went_well = True
        for level, option, value in _OPTIONS:
            try:
                connection.setsockopt(level, option, value)
            except OSError:  # gone already, as some systems say; recv() will tell
                pass
        return connection, host, port

    def refuse(self, connection: socket.socket, sentence: str) -> None:
        """Close the connection just accepted, which cannot be served (clause 9.3)."""
        try:
            connection.close()
        except OSError:
            pass
        self._trouble(sentence)

    def rest(self, reason: int) -> None:
        """Leave the listener alone until a client leaves or a second passes; `reason`: an errno."""
        self._rest_until = time.monotonic_ns() + REST
        self._trouble(f"cannot accept a client for now: {os.strerror(reason)}")

    def rest_left(self) -> float:
        """Seconds that the listener is still to be left alone; 0 if it is not."""
        return max(self._rest_until - time.monotonic_ns(), 0) / SECOND

    def client_left(self) -> None:
        """A client has left its descriptor: clients can be accepted again."""
        self._rest_until = 0

    def _trouble(self, sentence: str) -> None:
        self._went_well = False
        if sentence not in self._told:
            self._told.add(sentence)
            self._complain(sentence)
