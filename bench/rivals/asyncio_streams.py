"""What a user would write instead, in Python: asyncio's streams. As much of EasyTCP/1 as the benchmark asks for."""

from __future__ import annotations

import asyncio
import socket
import sys

_UPPER = bytes.maketrans(b"abcdefghijklmnopqrstuvwxyz", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ")


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while header := await reader.readline():
            payload = await reader.readexactly(int(header.split()[1]))
            writer.write(b"OK %d\n%b" % (len(payload), payload.translate(_UPPER)))
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def _main(port: int) -> None:
    listener = socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=4096)
    server = await asyncio.start_server(_serve, sock=listener, backlog=4096)
    print(f"The server is ready to receive on port {server.sockets[0].getsockname()[1]}", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    try:
        asyncio.run(_main(int(sys.argv[1])))
    except KeyboardInterrupt:
        pass
