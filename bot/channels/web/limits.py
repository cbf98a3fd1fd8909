"""How often somebody may do something."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict, deque
from collections.abc import Callable

MOST_KEYS = 20_000


class RateLimit:
    """Allows so many actions of each key within a time that slides.

    Args:
        most: Actions that are allowed.
        seconds: Within how long.
        clock: Returns the present moment in seconds.
    """

    def __init__(
        self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.most, self.seconds = most, seconds
        self._clock = clock
        self._taken: OrderedDict[str, deque[float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Takes one action of a key, or returns how many seconds it must wait; 0 when taken."""
        now = self._clock()
        taken = self._taken.setdefault(key, deque(maxlen=self.most))
        self._taken.move_to_end(key)
        while len(self._taken) > MOST_KEYS:
            self._taken.popitem(last=False)
        while taken and taken[0] <= now - self.seconds:
            taken.popleft()
        if len(taken) < self.most:
            taken.append(now)
            return 0.0
        return taken[0] + self.seconds - now


def network_of(address: str) -> str:
    """Returns what counts as one address: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        read = ipaddress.ip_address(address)
    except ValueError:
        return address[:64]
    if isinstance(read, ipaddress.IPv6Address):
        if read.ipv4_mapped:
            return str(read.ipv4_mapped)
        return str(ipaddress.ip_network((read, 64), strict=False))
    return str(read)


def client_address(peer: str, forwarded: str, trusted: tuple[str, ...]) -> str:
    """Returns the address that a request comes from.

    Args:
        peer: The address at the other end of the socket.
        forwarded: The header X-Forwarded-For, each proxy's word about the one before it.
        trusted: Networks of the clinic's own proxies; only their word is believed.

    Returns:
        The nearest address that is no trusted proxy.
    """
    networks = [ipaddress.ip_network(network, strict=False) for network in trusted]

    def is_trusted(address: str) -> bool:
        try:
            read = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(read in network for network in networks)

    seen = peer
    for before in reversed([part.strip() for part in forwarded.split(",") if part.strip()]):
        if not is_trusted(seen):
            break
        seen = before
    return network_of(seen)
