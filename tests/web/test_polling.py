"""Real programs fed by their own polling: squid, dnsmasq, and a gateway of nftables.

Each polls with curl, as a timer would, from a real server in its network namespace, through the life of a list: it is in
force, changes, loses all entries, is admitted, and the service or its store goes away. What passes is tried with real
requests, queries and connections.
"""

import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.consumers import need
from tests.life.servers import M365, NEIGHBOR, Dnsmasq, Server, Squid
from tests.life.shell import FailedError, Shell
from tests.web.feed_store import SPRING, commit, history, sets, without

CLIENT = "10.9.0.1"
PROFILE = f"""
[organization]
name = "Lab"
clouds = ["worldwide"]
[select]
service_areas = ["exchange", "teams"]
[roles]
client = ["{CLIENT}/32"]
[targets.dnsmasq]
servers = ["{M365}"]
"""
EXCHANGE, TEAMS = "outlook.office365.com", "teams.microsoft.com"
"""Names of the Optimize sets of Exchange, and of an Allow set of Teams."""
URL = "http://127.0.0.1:8365"
GET = "curl --silent --show-error --fail --max-time 20 --remove-on-error -o new"
"""A download that fails with each answer but a whole file."""


class Feeding:
    """A service in the namespace of a shell."""

    def __init__(self, shell: Shell, folder: Path) -> None:
        self.shell = shell
        self.store = history(folder / "lists.sqlite", sets())
        self.profiles = folder / "profiles"
        self.profiles.mkdir()
        (self.profiles / "lab.toml").write_text(PROFILE)
        command = f"{sys.executable} -m perimeter365 serve --bind 127.0.0.1:8365"
        self.process = shell.start(f"{command} --store {self.store} --profiles {self.profiles}")
        shell.wait(f"curl --silent --fail {URL}/healthz", 40)


class PolledSquid(Squid):
    """Squid, whose clients have addresses of the profile."""

    def configure(self) -> None:
        super().configure()
        self.shell.run(f"ip addr add {CLIENT}/32 dev lo")
        ask = (self.home / "ask.py").read_text()
        self.write("ask.py", ask.replace("3128), 10)", f'3128), 10, ("{CLIENT}", 0))'))

    def poll(self) -> None:
        place = "/etc/squid/conf.d/m365.conf"
        load = f"squid -k parse -f $PWD/new 2>/dev/null && install -m 644 new {place} && squid -k reconfigure"
        self.shell.run(f"cd {self.home} && {GET} {URL}/p/lab/squid/m365.conf && {load}")
        self.settle()


class PolledDnsmasq(Dnsmasq):
    """dnsmasq."""

    def poll(self) -> None:
        load = (
            "dnsmasq --test -C new 2>/dev/null && install -m 644 new /etc/dnsmasq.d/m365.conf && systemctl restart dnsmasq"
        )
        self.shell.run(f"cd {self.home} && {GET} {URL}/p/lab/dnsmasq/m365.conf && {load}")


@pytest.mark.parametrize("kind", [PolledSquid, PolledDnsmasq])
def test_a_server_that_polls_its_configuration(tmp_path: Path, kind: type[PolledSquid | PolledDnsmasq]) -> None:
    names = [EXCHANGE, TEAMS, "www.example.org"]
    (tmp_path / "home").mkdir()
    with kind(tmp_path / "home") as server:
        assert isinstance(server, Server)
        feeding = Feeding(server.shell, tmp_path)
        assert server.passes(names) == set()
        server.poll()
        assert server.passes(names) == {EXCHANGE, TEAMS}

        commit(feeding.store, [each for each in sets() if each.area != "teams"], SPRING[1])
        _until(lambda: "2025020100" in server.shell.run(f"curl --silent {URL}/readyz"))
        server.poll()
        assert server.passes(names) == {EXCHANGE}
        commit(feeding.store, [each for each in sets() if each.area in ("common", "sharepoint")], SPRING[2])
        _until(lambda: "2025030100" in server.shell.run(f"curl --silent {URL}/readyz"))
        server.poll()
        assert server.passes(names) == {EXCHANGE}, "it lost all entries, and nobody has admitted it"
        assert "emptied" in server.shell.run(f"curl --silent --head {URL}/p/lab/{server.target}/m365.conf")

        feeding.store.unlink()
        time.sleep(1.5)
        server.poll()
        feeding.process.kill()
        feeding.process.wait()
        with pytest.raises(FailedError):
            server.poll()
        assert server.passes([*names, NEIGHBOR]) >= {EXCHANGE}, "what it has stays"
        assert TEAMS not in server.passes(names)


GATEWAY = """
table inet gate {
    set m365_4 { type ipv4_addr; flags interval; }
    set m365_6 { type ipv6_addr; flags interval; }
    chain out {
        type filter hook output priority 0; policy drop;
        ip daddr 127.0.0.0/8 accept
        ip saddr 127.0.0.0/8 accept
        ip daddr @m365_4 tcp dport 443 accept
        ip6 daddr @m365_6 tcp dport 443 accept
        tcp sport 443 accept
    }
}
"""
POLL = f"""
set -e
for family in 4 6; do
    {GET} "{URL}/feeds/text/worldwide-teams-outbound-optimize-ipv$family.txt?areas=teams&categories=optimize"
    {{
        echo "flush set inet gate m365_$family"
        sed -n -e "s/#.*//" -e "s|.*/.*|add element inet gate m365_$family {{ & }}|p" new
    }} > rules
    nft -f rules
done
"""
LISTEN = """
import selectors, socket
chosen = selectors.DefaultSelector()
for family, address in ((socket.AF_INET, "0.0.0.0"), (socket.AF_INET6, "::")):
    s = socket.socket(family)
    if family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, 443)); s.listen(50); chosen.register(s, 1)
while True:
    for key, _ in chosen.select():
        key.fileobj.accept()[0].close()
"""
INSIDE, OUTSIDE = {"52.112.0.5", "52.123.255.250", "2603:1063:3ff:ffff::1"}, {"52.111.255.255", "52.124.0.1", "2603:1064::1"}
"""Addresses of endpoint set 11 as of August 2026 (52.112.0.0/14, 52.122.0.0/15, 2603:1063::/38), and their neighbors."""


class Gateway:
    """A gateway whose rule has a set that a timer fills."""

    def __init__(self, shell: Shell) -> None:
        self.shell = shell
        for program in ("nft", "ip"):
            need(program)
        shell.run("ip route add local 52.0.0.0/8 dev lo && ip -6 route add local 2603::/16 dev lo")
        shell.run(f"cat > gate.nft <<'E'\n{GATEWAY}E\nnft -f gate.nft")
        shell.run(f"cat > poll.sh <<'E'\n{POLL}E\ncat > listen.py <<'E'\n{LISTEN}E")
        shell.start("/usr/bin/python3 listen.py")
        shell.wait("timeout 1 bash -c '</dev/tcp/127.0.0.1/443'")

    def poll(self) -> bool:
        return self.shell.attempt("sh poll.sh").returncode == 0

    def passes(self) -> set[str]:
        """The addresses to which a connection is made."""
        found = set()
        for address in sorted(INSIDE | OUTSIDE):
            if not self.shell.attempt(f"timeout 0.5 bash -c '</dev/tcp/{address}/443'").returncode:
                found.add(address)
        return found


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    with Shell(tmp_path) as made:
        yield made


def test_a_gateway_that_fills_its_set_from_a_list(shell: Shell, tmp_path: Path) -> None:
    gateway = Gateway(shell)
    feeding = Feeding(shell, tmp_path)
    assert gateway.passes() == set()
    assert gateway.poll()
    assert gateway.passes() == INSIDE

    commit(feeding.store, without("teams"), SPRING[1])
    head = (
        f'curl --silent --head "{URL}/feeds/text/worldwide-teams-outbound-optimize-ipv4.txt?areas=teams&categories=optimize"'
    )
    _until(lambda: "perimeter365-state: emptied" in shell.run(head).lower())
    assert gateway.poll()
    assert gateway.passes() == INSIDE, "it lost all entries, and nobody has admitted it"

    admit = f"{sys.executable} -m perimeter365 --store {feeding.store} held admit-feed"
    for family in (4, 6):
        path = f"/feeds/text/worldwide-teams-outbound-optimize-ipv{family}.txt?areas=teams&categories=optimize"
        shell.run(f"{admit} '{path}'")
    _until(lambda: "perimeter365-state: closed" in shell.run(head.replace("ipv4", "ipv6")).lower())
    assert gateway.poll()
    assert gateway.passes() == set()

    commit(feeding.store, sets(), SPRING[2])
    _until(lambda: "perimeter365-state: current" in shell.run(head).lower())
    assert gateway.poll()
    assert gateway.passes() == INSIDE
    feeding.process.kill()
    feeding.process.wait()
    assert not gateway.poll()
    assert gateway.passes() == INSIDE


def _until(done: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until a function returns true."""
    end = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < end, "it takes too long"
        time.sleep(0.2)
