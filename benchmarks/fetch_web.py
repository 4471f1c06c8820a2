"""The pages of the throughput benchmark: many loopback addresses, each a publisher, answering as fast as it can."""

from __future__ import annotations

import asyncio
import gzip
import random
import sys

WORDS = ("the", "harbour", "ferry", "council", "bridge", "sails", "again", "after", "months", "of", "repair", "says")
ROBOTS = b"User-agent: *\nAllow: /\n"


def article(number: int) -> bytes:
    """About 60 kB of HTML, as a news page has."""
    dice = random.Random(number)
    item = '<li class="nav-item"><a href="/section/{0}" data-id="{0}">Section {0}</a></li>'
    menu = "".join(item.format(n) for n in range(300))
    text = "".join(f"<p>{' '.join(dice.choices(WORDS, k=60))}.</p>" for _ in range(80))
    head = f"<!doctype html><html><head><title>{number}</title></head>"
    return f"{head}<body><ul>{menu}</ul>{text}</body></html>".encode()


def response(body: bytes, kind: str, *headers: str) -> bytes:
    """A response that keeps the connection."""
    lines = ["HTTP/1.1 200 OK", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


PAGES = [response(gzip.compress(article(n)), "text/html; charset=utf-8", "Content-Encoding: gzip") for n in range(20)]


class Connection(asyncio.Protocol):
    """Answers every request on a connection."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self.transport, self.waiting = transport, b""

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        *requests, self.waiting = (self.waiting + data).split(b"\r\n\r\n")
        for request in requests:
            path = request.split(b" ", 2)[1]
            robots = path == b"/robots.txt"
            self.transport.write(response(ROBOTS, "text/plain") if robots else PAGES[len(path) * 7 % 20])


async def main(hosts: int) -> None:
    """Listen on as many loopback addresses, all on one port, and print it."""
    loop = asyncio.get_running_loop()
    first = await loop.create_server(Connection, "127.0.0.1", 0)
    port = first.sockets[0].getsockname()[1]
    for number in range(2, hosts + 1):
        await loop.create_server(Connection, f"127.0.0.{number}", port)
    print(port, flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1])))
