"""From a host's name to a connection (clauses 10.1, 10.10)."""

from __future__ import annotations

import _thread
import errno
import os
import signal
import socket

from easytcp.exchange import SessionError, reason

PATIENCE = 5.0  # seconds for each address that the name has


def connect(host: str, port: int) -> socket.socket:
    """A connection to the first of the host's addresses that takes one. Raises SessionError."""
    why = "the name has no address"
    try:
        for family, kind, protocol, target in _look_up(host, port):
            try:
                return _connect(family, kind, protocol, target)
            except socket.timeout:
                why = f"no answer within {PATIENCE:.0f} seconds"
            except OSError as error:
                why = reason(error)
    except socket.gaierror as error:
        why = error.strerror or str(error)
    except OSError as error:
        why = reason(error)
    raise SessionError(f"cannot connect to {host} port {port}: {why}")


def _connect(family: int, kind: int, protocol: int, target: tuple[object, ...]) -> socket.socket:
    connection = socket.socket(family, kind, protocol)
    try:
        connection.settimeout(PATIENCE)
        connection.connect(target)
        if connection.getsockname() == connection.getpeername():
            # Where nobody listens on a port that the system also gives to clients, a connection may
            # by chance meet itself.
            raise ConnectionRefusedError(errno.ECONNREFUSED, "")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection


def _look_up(host: str, port: int) -> list[tuple[int, int, int, tuple[object, ...]]]:
    """Family, type, protocol and socket address of each address of the host. Raises OSError.

    A name server may take its time, and while it does no signal handler would run: the look-up is
    made by another thread, and this one waits in a way that a signal interrupts.
    """
    found: list[tuple[int, int, int, tuple[object, ...]]] = []
    errors: list[Exception] = []
    done = _thread.allocate_lock()
    done.acquire()

    def look_up() -> None:
        try:
            # Signals are for the thread that waits.
            signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
            # Bytes: a str would be put through Python's own codec for international names, which
            # takes longer to load than all the rest of this program.
            for entry in socket.getaddrinfo(os.fsencode(host), port, type=socket.SOCK_STREAM):
                found.append((entry[0], entry[1], entry[2], entry[4]))
        except Exception as error:  # whatever it is, the thread that waits is to deal with it
            errors.append(error)
        finally:
            done.release()

    _thread.start_new_thread(look_up, ())
    done.acquire()
    if errors:
        raise errors[0]
    return found
