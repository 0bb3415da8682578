"""Hosts that answer with the address that they saw, to tell a tunnel from the way outside of it.

WAYS = {"192.0.2.10": "direct", "10.8.0.2": "tunnel"}
shell.start(answering(folder, ["52.112.0.5"]))                          in the namespace of the hosts
ask(shell, folder, ["52.112.0.5"])                                      {"52.112.0.5": "direct"}
"""

import sys
from collections.abc import Iterable
from pathlib import Path

from tests.life.shell import Shell

WAYS = {
    "192.0.2.10": "direct",
    "2001:db8:1::10": "direct",
    "10.99.0.2": "tunnel",
    "fd99::2": "tunnel",
    "fd99::1000": "tunnel",
}
"""The address that a host saw -> the way that the packet took. Clients and tunnels of all tests have these."""

ANSWER = """
import selectors, socket, sys
ready = selectors.DefaultSelector()
for host in sys.argv[1:]:
    one = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    one.bind((host, 9))
    ready.register(one, selectors.EVENT_READ)
while True:
    for key, _ in ready.select():
        data, source = key.fileobj.recvfrom(99)
        key.fileobj.sendto(source[0].encode(), source)
"""
ASK = """
import select, socket, sys, time
end, waiting = time.monotonic() + float(sys.argv[1]), {}
for host in sys.argv[2:]:
    one = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
    one.setblocking(False)
    waiting[one] = host
while waiting and time.monotonic() < end:
    for one, host in waiting.items():
        try:
            one.sendto(b"x", (host, 9))
        except OSError:
            pass
    again = time.monotonic() + 0.2
    while waiting and time.monotonic() < again:
        for one in select.select(list(waiting), [], [], 0.05)[0]:
            try:
                answer = one.recv(99).decode()
            except OSError:
                continue
            print(waiting.pop(one), answer)
for host in waiting.values():
    print(host, "nothing")
"""


def answering(folder: Path, hosts: Iterable[str]) -> str:
    """Return the command of a program that answers for some hosts."""
    (folder / "answer.py").write_text(ANSWER)
    return f"{sys.executable} {folder}/answer.py {' '.join(hosts)}"


def ask(shell: Shell, folder: Path, hosts: Iterable[str], seconds: float = 12, inside: str = "") -> dict[str, str]:
    """Return the ways to hosts, as the hosts themselves see them.

    Args:
        shell: where the client is.
        folder: for the program.
        hosts: their addresses.
        seconds: after this time, the way of a host that did not answer is `nothing`.
        inside: a command that runs the program in another namespace.
    """
    (folder / "ask.py").write_text(ASK)
    lines = shell.run(f"{inside} {sys.executable} {folder}/ask.py {seconds} {' '.join(hosts)}").splitlines()
    found = dict(line.split(" ", 1) for line in lines)
    return {host: WAYS.get(answer, answer) for host, answer in found.items()}
