"""How an address is written on the wire, and whether what is written is an address (clause 3.2).

    203.0.113.7:50000       IPv4, and IPv6 that only wraps an IPv4 address
    [2001:db8::7]:50000     IPv6 as RFC 5952 writes it, without a zone
"""

from __future__ import annotations

import socket

_MAPPED = bytes(10) + b"\xff\xff"  # how an IPv4-mapped IPv6 address starts


def written(host: str, port: int) -> bytes:
    """The address of a peer, as the socket module tells it, in the form of clause 3.2."""
    if ":" not in host:
        return b"%b:%d" % (host.encode("ascii"), port)
    packed = socket.inet_pton(socket.AF_INET6, host.partition("%")[0])
    if packed.startswith(_MAPPED):
        return b"%b:%d" % (socket.inet_ntop(socket.AF_INET, packed[12:]).encode("ascii"), port)
    # inet_ntop compresses the longest run of zeros and writes in lower case: RFC 5952.
    return b"[%b]:%d" % (socket.inet_ntop(socket.AF_INET6, packed).encode("ascii"), port)


def _canonical(family: int, host: str) -> bool:
    """Whether `host` is an address of the family, written in the one canonical way."""
    try:
        return socket.inet_ntop(family, socket.inet_pton(family, host)) == host
    except (OSError, ValueError):  # ValueError: a NUL in the text
        return False


def parted(text: bytes) -> tuple[bytes, bytes] | None:
    """Host (IPv6 without brackets) and port of an address in the form of clause 3.2.

    None if the text is not exactly of that form: the port from 1 to 65535 without leading zeros,
    the host in its canonical form, no zone, no IPv4-mapped IPv6.
    """
    host, colon, port = text.rpartition(b":")
    if not colon or not port.isdigit() or len(port) > 5 or port.startswith(b"0"):
        return None
    if int(port) > 65535 or not host.isascii():
        return None
    if host.startswith(b"[") and host.endswith(b"]"):
        host = host[1:-1]
        plain = host.decode("ascii")
        if not _canonical(socket.AF_INET6, plain):
            return None
        if socket.inet_pton(socket.AF_INET6, plain).startswith(_MAPPED):
            return None
        return host, port
    return (host, port) if _canonical(socket.AF_INET, host.decode("ascii")) else None
