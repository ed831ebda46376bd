"""What has the system look for clients that vanish, and end their connections (clauses 9.5, 9.6)."""

import socket

_IDLE, _INTERVAL, _PROBES = 60, 10, 3  # seconds

# By name: not every system has each, and what it has not is no fault.
_TCP_OPTIONS = {
    "TCP_KEEPIDLE": _IDLE,
    "TCP_KEEPINTVL": _INTERVAL,
    "TCP_KEEPCNT": _PROBES,
    "TCP_USER_TIMEOUT": (_IDLE + _PROBES * _INTERVAL) * 1000,  # Linux; in milliseconds
}

# Levels, options and values, for setsockopt().
OPTIONS = (
    *(
        (socket.IPPROTO_TCP, getattr(socket, name), value)
        for name, value in _TCP_OPTIONS.items()
        if hasattr(socket, name)
    ),
    (socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
)
