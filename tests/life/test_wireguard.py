"""The life of AllowedIPs, with wg-quick and wireguard-go between two namespaces.

    client, 192.0.2.10  --  192.0.2.1, the internet: the server, Microsoft 365 and other hosts

Each host answers with the address that it saw: that of the tunnel, or the client's own.
"""

import contextlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from perimeter365.errors import OptionError
from perimeter365.targets import Style, render, targets
from perimeter365.targets.life import Part
from tests.consumers import need
from tests.life import hosts, tries
from tests.life.shell import FailedError, Shell
from tests.life.test_routes import plan, written

FAULTS = Path(__file__).parent / "faults" / "wireguard"
SERVERS = ("198.51.100.7", "2001:db8:7::7")
MICROSOFT = ("52.112.0.5", "2603:1006::5")
LATER = "40.96.0.5"
"""An address of Microsoft's that only the larger plan has."""
WORLD = ("203.0.113.99", "2001:db8:99::9")
OTHERS = ("8.8.8.8", "10.50.0.9")
BRANCH = "10.60.0.0/24"
"""Addresses of another peer of the same tunnel."""
HOSTS = (*MICROSOFT, LATER, *WORLD, *OTHERS)
SMALL = plan("52.112.0.0/14", "2603:1000::/24")
LARGE = plan("52.112.0.0/14", "2603:1000::/24", "40.96.0.0/13")
FOUR = plan("52.112.0.0/14")


@contextlib.contextmanager
def client(folder: Path, endpoint: str = "198.51.100.7:51820") -> Iterator[Shell]:
    """A client with a full tunnel that is open, another peer in it, and the internet."""
    for program in ("wg-quick", "wireguard-go", "ip", "nft"):
        need(program)
    started: list[subprocess.Popen[bytes]] = []
    with contextlib.ExitStack() as stack:
        stack.callback(lambda: [each.wait() for each in started])
        shell = stack.enter_context(Shell(folder, {"WG_QUICK_USERSPACE_IMPLEMENTATION": "wireguard-go"}))
        for place in ("/run/wireguard", "/etc/wireguard", "/run/netns"):
            shell.run(f"mkdir -p {place} && mount -t tmpfs tmpfs {place}")
        shell.run(
            "ip netns add net; ip link add d0 type veth peer name d1 netns net;"
            "ip addr add 192.0.2.10/24 dev d0; ip addr add 2001:db8:1::10/64 dev d0 nodad; ip link set d0 up;"
            "ip route add default via 192.0.2.1; ip -6 route add default via 2001:db8:1::1;"
            "ip -n net addr add 192.0.2.1/24 dev d1; ip -n net addr add 2001:db8:1::1/64 dev d1 nodad;"
            "ip -n net link set d1 up; ip -n net link set lo up"
        )
        # wireguard-go loses a handshake that is due before it is ready, and repeats it after 5 seconds.
        quiet = "oifname wg0 icmpv6 type { mld2-listener-report, nd-router-solicit, nd-neighbor-solicit } drop"
        shell.run(f"nft 'table inet quiet {{ chain output {{ type filter hook output priority 0; {quiet}; }}; }}'")
        for host in (*SERVERS, *HOSTS):
            shell.run(f"ip -n net addr add {host} dev lo{' nodad' if ':' in host else ''}")
        keys = {name: shell.run("wg genkey").strip() for name in ("server", "client", "branch")}
        public = {name: shell.run(f"echo {key} | wg pubkey").strip() for name, key in keys.items()}
        server = (
            f"[Interface]\nPrivateKey = {keys['server']}\nListenPort = 51820\nTable = off\n"
            "Address = 10.99.0.1/24, fd99::1/64\n"
            f"[Peer]\nPublicKey = {public['client']}\nAllowedIPs = 10.99.0.2/32, fd99::2/128\n"
        )
        mine = (
            f"[Interface]\nPrivateKey = {keys['client']}\nAddress = 10.99.0.2/24, fd99::2/64\n"
            f"[Peer]\nPublicKey = {public['server']}\nEndpoint = {endpoint}\nAllowedIPs = 0.0.0.0/0, ::/0\n"
            f"[Peer]\nPublicKey = {public['branch']}\nAllowedIPs = {BRANCH}\n"
        )
        for name, text in (("server", server), ("wg0", mine)):
            shell.run(f"umask 077; cat > /etc/wireguard/{name}.conf <<'END'\n{text}END")
        stack.callback(lambda: shell.attempt("ip netns pids net | xargs -r kill -9; wg-quick down wg0"))
        shell.run("ip netns exec net wg-quick up server; wg-quick up wg0")
        started.append(shell.start(f"ip netns exec net {hosts.answering(folder.parent, HOSTS)}"))
        assert ask(shell) == dict.fromkeys(HOSTS, "tunnel"), "a full tunnel"
        yield shell


def ask(shell: Shell, seconds: float = 12) -> dict[str, str]:
    """The ways of all hosts; a lost handshake is repeated after 5 seconds."""
    return hosts.ask(shell, shell.folder.parent, HOSTS, seconds)


def split(*direct: str, else_: str = "tunnel", then: str = "direct") -> dict[str, str]:
    return dict.fromkeys(HOSTS, else_) | dict.fromkeys(direct, then)


def load(shell: Shell, folder: Path, made: object, part: Part = "update", **options: str) -> None:
    target = written(folder, made, "wireguard", **{"endpoint": SERVERS[0], **options})  # type: ignore[arg-type]
    shell.follow(target.commands(part))


@tries("wireguard", "install", "again", "neighbors", "remove")
def test_microsoft_365_is_direct_and_the_rest_is_in_the_tunnel(tmp_path: Path) -> None:
    with client(tmp_path) as shell:
        before = shell.run("cat /etc/wireguard/wg0.conf")
        load(shell, tmp_path, SMALL, "install")
        assert ask(shell) == split(*MICROSOFT)
        assert "dev d0" in shell.run("ip route get 198.51.100.7")
        assert all(int(line.split()[1]) for line in shell.run("wg show wg0 latest-handshakes").splitlines()[:1])
        assert BRANCH in shell.run("wg show wg0 allowed-ips"), "the other peer is still there"
        once = shell.run("cat /etc/wireguard/wg0.conf")
        load(shell, tmp_path, SMALL)
        assert shell.run("cat /etc/wireguard/wg0.conf") == once
        assert len(once.splitlines()) == len(before.splitlines()) + 1, "the former line is a comment"
        load(shell, tmp_path, SMALL, endpoint=",".join(SERVERS))
        assert ask(shell) == split(*MICROSOFT)
        load(shell, tmp_path, SMALL, "remove")
        assert shell.run("cat /etc/wireguard/wg0.conf") == before
        assert ask(shell) == split()


@tries("wireguard", "empty", "grow", "shrink", "back", "unordered")
def test_after_an_update_exactly_the_new_plan_is_direct(tmp_path: Path) -> None:
    with client(tmp_path, "[2001:db8:7::7]:51820") as shell:
        load(shell, tmp_path, plan(), "install", endpoint=SERVERS[1])
        assert ask(shell) == split(), "with nothing to say, the full tunnel stays"
        for made, direct in (
            (SMALL, MICROSOFT),
            (LARGE, (*MICROSOFT, LATER)),
            (FOUR, MICROSOFT[:1]),
            (LARGE, (*MICROSOFT, LATER)),
            (plan(), ()),
            (SMALL, MICROSOFT),
        ):
            load(shell, tmp_path, made, endpoint=SERVERS[1])
            assert ask(shell) == split(*direct)


@tries("wireguard", "interrupted")
def test_an_interrupted_update_is_finished_by_running_it_again(tmp_path: Path) -> None:
    with client(tmp_path) as shell:
        load(shell, tmp_path, SMALL, "install")
        target = targets["wireguard"](Style(options={"endpoint": SERVERS[0]}))
        (tmp_path / "allowed-ips.conf").write_bytes(target.render(LARGE).artifacts[0].content)
        shell.follow(target.commands("update"), stop_after=3)
        assert ask(shell) == split(*MICROSOFT), "the file alone changes nothing"
        shell.run("wg-quick down wg0")  # interrupted within the last line
        shell.follow(target.commands("update"))
        assert ask(shell) == split(*MICROSOFT, LATER)
        shell.follow(target.commands("remove"), stop_after=1)
        shell.follow(target.commands("remove"))
        assert ask(shell) == split()


@tries("wireguard", "install", "empty", "shrink")
def test_with_include_only_microsoft_365_is_in_the_tunnel(tmp_path: Path) -> None:
    with client(tmp_path) as shell:
        for part, made, inside in (
            ("install", LARGE, (*MICROSOFT, LATER)),
            ("update", SMALL, MICROSOFT),
            ("update", plan(), ()),
            ("update", SMALL, MICROSOFT),
        ):
            load(shell, tmp_path, made, part, mode="include")  # type: ignore[arg-type]
            assert ask(shell) == split(*inside, else_="direct", then="tunnel")


def test_the_line_of_the_earlier_release_stops_everything(tmp_path: Path) -> None:
    with client(tmp_path) as shell:
        shell.run(f'sed -i "s@^AllowedIPs = 0.*@$(grep ^AllowedIPs {FAULTS}/allowed-ips.conf)@" /etc/wireguard/wg0.conf')
        shell.run("wg-quick down wg0; wg-quick up wg0")
        assert "dev wg0" in shell.run("ip route get 198.51.100.7"), "the server itself is routed into the tunnel"
        four = {host: way for host, way in ask(shell, 6).items() if ":" not in host}
        assert four == {"52.112.0.5": "direct"} | dict.fromkeys((LATER, WORLD[0], *OTHERS), "nothing")


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("AllowedIPs = 0.0.0.0/0", True),
        ("AllowedIPs=::/0,0.0.0.0/0", True),
        ("allowedips = 0.0.0.0/0, 10.0.0.0/8", True),
        ("AllowedIPs = 10.0.0.0/8", False),
        ("AllowedIPs = 10.0.0.0/8, fd00::/8", False),
    ],
)
def test_only_the_line_of_a_full_tunnel_is_replaced(line: str, found: bool, tmp_path: Path) -> None:
    target = written(tmp_path, SMALL, "wireguard", endpoint=SERVERS[0])
    with Shell(tmp_path) as shell:
        shell.run("mkdir -p /etc/wireguard && mount -t tmpfs tmpfs /etc/wireguard")
        shell.run(f"printf '[Peer]\\n{line}\\nPersistentKeepalive = 25\\n' > /etc/wireguard/wg0.conf")
        before = shell.run("cat /etc/wireguard/wg0.conf")
        if found:
            shell.follow(target.commands("install"), stop_after=3)
            first, was, middle, last = shell.run("cat /etc/wireguard/wg0.conf").splitlines()
            assert f"{middle}\n" in (tmp_path / "allowed-ips.conf").read_text()
            assert middle.startswith("AllowedIPs = ")
            assert (first, was, last) == ("[Peer]", f"# m365 was: {line}", "PersistentKeepalive = 25")
            shell.follow(target.commands("update"), stop_after=3)
            shell.follow(target.commands("remove"), stop_after=1)
            assert shell.run("cat /etc/wireguard/wg0.conf") == before
        else:
            with pytest.raises(FailedError):
                shell.follow(target.commands("install"), stop_after=3)
            assert shell.run("cat /etc/wireguard/wg0.conf") == before


def test_lines_of_other_peers_stay_also_those_that_are_comments(tmp_path: Path) -> None:
    target = written(tmp_path, SMALL, "wireguard", endpoint=SERVERS[0])
    text = "[Peer]\nAllowedIPs = 0.0.0.0/0\n[Peer]\n#AllowedIPs = 0.0.0.0/0\n# AllowedIPs = ::/0\nAllowedIPs = 10.0.0.0/8\n"
    with Shell(tmp_path) as shell:
        shell.run(
            f"mkdir -p /etc/wireguard && mount -t tmpfs tmpfs /etc/wireguard; printf '{text}' > /etc/wireguard/wg0.conf"
        )
        shell.follow(target.commands("install"), stop_after=3)
        now = shell.run("cat /etc/wireguard/wg0.conf").splitlines()
        assert now[1] == "# m365 was: AllowedIPs = 0.0.0.0/0"
        assert now[2].endswith(" # m365")
        assert now[3:] == text.splitlines()[2:]
        shell.follow(target.commands("remove"), stop_after=1)
        assert shell.run("cat /etc/wireguard/wg0.conf") == text


@pytest.mark.parametrize("value", ["", "server.contoso.com", "198.51.100.0/24", "198.51.100.7,", "198.51.100.7, 192.0.2.1"])
def test_a_server_that_is_not_an_address_is_rejected(value: str) -> None:
    with pytest.raises(OptionError):
        targets["wireguard"](Style(options={"endpoint": value}))


def test_a_server_within_microsofts_addresses_is_a_loss_of_include() -> None:
    style = Style(options={"endpoint": "52.112.0.7", "mode": "include"})
    assert {(x.kind, x.code) for x in render(SMALL, "wireguard", style).details} == {("narrowed", "option")}
    style = Style(options={"endpoint": "52.112.0.7", "mode": "exclude"})
    assert not render(SMALL, "wireguard", style).details
