"""The life of pushed routes: an OpenVPN server, a client with a full tunnel, and hosts that say how they were reached.

client, 192.0.2.10  --  192.0.2.1, the server, and behind it the internet
"""

import contextlib
import subprocess
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import pytest

from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render, targets
from perimeter365.targets.life import Part
from tests.consumers import need
from tests.life import hosts, tries
from tests.life.shell import Shell
from tests.life.test_routes import plan, written

MICROSOFT, LATER = "52.112.0.5", "40.96.0.5"
SIX = "2603:1006::5"
WORLD = ("203.0.113.99", "2001:db8:99::9", "8.8.8.8")
HOSTS = (MICROSOFT, LATER, SIX, *WORLD)
SMALL = plan("52.112.0.0/14", "13.107.6.152/31")
LARGE = plan("52.112.0.0/14", "13.107.6.152/31", "40.96.0.0/13")
OTHER = plan("40.96.0.0/13")

SERVER = """
dev tun1
topology subnet
server 10.99.0.0 255.255.255.0
server-ipv6 fd99::/64
local 192.0.2.1
proto udp
cert server.crt
key server.key
dh none
keepalive 1 3
explicit-exit-notify 1
push "redirect-gateway def1 ipv6"
"""
CLIENT = """
client
dev tun0
proto udp
remote 192.0.2.1 1194
cert client.crt
key client.key
nobind
connect-retry 1 1
"""
SYSTEMCTL = """#!/bin/sh
# Stands for systemd: restarts the one server.
[ "$1 $2" = "restart openvpn-server@server" ] || exit 1
if [ -e /run/server.pid ]; then
  kill $(cat /run/server.pid)
  while grep -q '^State:.[^Z]' /proc/$(cat /run/server.pid)/status 2>/dev/null; do sleep 0.05; done
fi
exec openvpn --daemon --cd /etc/openvpn/server --writepid /run/server.pid --log-append /run/server.log --config server.conf
"""


def certificate(folder: Path, name: str) -> str:
    """Make a key and a certificate, and return the fingerprint."""
    made = f"openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN={name}"
    run = {"cwd": folder, "capture_output": True, "check": True, "text": True}
    subprocess.run([*made.split(), "-keyout", f"{name}.key", "-out", f"{name}.crt"], **run)  # type: ignore[call-overload]
    shown = subprocess.run(
        ["openssl", "x509", "-in", f"{name}.crt", "-noout", "-fingerprint", "-sha256"],
        **run,  # type: ignore[call-overload]
    )
    return str(shown.stdout.strip().partition("=")[2])


@contextlib.contextmanager
def server(folder: Path) -> Iterator[Shell]:
    """A server with a client in the namespace `client`, whose tunnel is full."""
    need("openvpn")
    need("ip")
    base = folder.parent / f"{folder.name}-openvpn"
    for path in (base / "server", base / "bin"):
        path.mkdir(parents=True)
    systemctl = base / "bin" / "systemctl"
    systemctl.write_text(SYSTEMCTL)
    systemctl.chmod(0o755)
    prints = {name: certificate(base / "server", name) for name in ("server", "client")}
    (base / "server" / "server.conf").write_text(f"{SERVER.lstrip()}peer-fingerprint {prints['client']}\n")
    (base / "server" / "client.conf").write_text(f"{CLIENT.lstrip()}peer-fingerprint {prints['server']}\n")
    started: list[subprocess.Popen[bytes]] = []
    folders = f"{base}/bin:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"
    with contextlib.ExitStack() as stack:
        stack.callback(lambda: [each.wait() for each in started])
        shell = stack.enter_context(Shell(folder, {"PATH": folders}))
        shell.run("mount -t tmpfs tmpfs /run && mkdir -p /run/netns /etc/openvpn && mount -t tmpfs tmpfs /etc/openvpn")
        shell.run(f"cp -r {base}/server /etc/openvpn/")
        shell.run(
            "ip netns add client; ip link add d0 type veth peer name d1 netns client;"
            "ip addr add 192.0.2.1/24 dev d0; ip addr add 2001:db8:1::1/64 dev d0 nodad; ip link set d0 up;"
            "ip -n client addr add 192.0.2.10/24 dev d1; ip -n client addr add 2001:db8:1::10/64 dev d1 nodad;"
            "ip -n client link set d1 up; ip -n client link set lo up;"
            "ip -n client route add default via 192.0.2.1; ip -n client -6 route add default via 2001:db8:1::1"
        )
        for host in HOSTS:
            shell.run(f"ip addr add {host} dev lo{' nodad' if ':' in host else ''}")
        stack.callback(lambda: shell.attempt("ip netns pids client | xargs -r kill -9"))
        shell.run("systemctl restart openvpn-server@server")
        started.append(
            shell.start("ip netns exec client openvpn --cd /etc/openvpn/server --config client.conf --log /run/client.log")
        )
        started.append(shell.start(hosts.answering(base, HOSTS)))
        shell.wait("grep -q 'Initialization Sequence Completed' /run/client.log")
        assert ask(shell) == ways()
        yield shell


def ask(shell: Shell) -> dict[str, str]:
    return hosts.ask(shell, shell.folder.parent, HOSTS, inside="ip netns exec client")


def ways(*direct: str) -> dict[str, str]:
    return dict.fromkeys(HOSTS, "tunnel") | dict.fromkeys(direct, "direct")


def outside(shell: Shell) -> set[str]:
    """The routes of the client to its own gateway, except the default route."""
    lines = [line.split() for line in shell.run("ip -n client route show via 192.0.2.1").splitlines()]
    return {str(ip_network(words[0])) for words in lines if words[0] not in ("default", "192.0.2.1")}


def follow(shell: Shell, made: Plan, part: Part, stop: int | None = None, **options: str) -> None:
    """Render and follow a part of the manual; wait until the client has connected again if the server was restarted."""
    target = written(shell.folder, made, "openvpn", **options)
    shell.run(": > /run/client.log")
    shell.follow(target.commands(part), stop)
    if stop is None:
        shell.wait("grep -q 'Initialization Sequence Completed' /run/client.log")


def prefixes(made: Plan) -> set[str]:
    return {str(p) for f in made.flows for p in f.destination.prefixes if p.family == 4}


@tries("openvpn", "install", "again", "neighbors", "remove")
def test_clients_leave_the_tunnel_for_microsoft_365_only(tmp_path: Path) -> None:
    with server(tmp_path) as shell:
        before = shell.run("cat /etc/openvpn/server/server.conf; ls /etc/openvpn/server")
        follow(shell, SMALL, "install")
        assert ask(shell) == ways(MICROSOFT)
        assert outside(shell) == prefixes(SMALL)
        once = shell.run("cat /etc/openvpn/server/server.conf")
        follow(shell, SMALL, "install")
        assert shell.run("cat /etc/openvpn/server/server.conf") == once
        assert outside(shell) == prefixes(SMALL)
        follow(shell, LARGE, "install", prefix="fabrikam")
        assert outside(shell) == prefixes(LARGE)
        follow(shell, SMALL, "remove")
        assert outside(shell) == prefixes(LARGE)
        follow(shell, LARGE, "remove", prefix="fabrikam")
        assert shell.run("cat /etc/openvpn/server/server.conf; ls /etc/openvpn/server") == before
        assert ask(shell) == ways()


@tries("openvpn", "empty", "grow", "shrink", "back", "unordered", "interrupted")
def test_after_an_update_clients_have_the_routes_of_the_new_plan_only(tmp_path: Path) -> None:
    with server(tmp_path) as shell:
        follow(shell, plan(), "install")
        assert ask(shell) == ways()
        for made, direct in ((SMALL, [MICROSOFT]), (LARGE, [MICROSOFT, LATER]), (OTHER, [LATER]), (SMALL, [MICROSOFT])):
            present = outside(shell)
            follow(shell, plan("20.20.32.0/19"), "update", stop=0)  # rendered, never loaded
            follow(shell, made, "update", stop=1)
            assert outside(shell) == present, "the file alone changes nothing"
            follow(shell, made, "update")
            assert outside(shell) == prefixes(made)
            assert ask(shell) == ways(*direct)
        follow(shell, SMALL, "remove", stop=1)
        follow(shell, SMALL, "remove", stop=2)
        follow(shell, SMALL, "remove")
        assert ask(shell) == ways()


@tries("openvpn", "install")
def test_a_server_pushes_more_routes_than_fit_in_one_message(tmp_path: Path) -> None:
    made = plan(*(f"20.{n // 256}.{n % 256}.128/25" for n in range(600)))
    with server(tmp_path) as shell:
        follow(shell, made, "install")
        assert outside(shell) == prefixes(made)


def test_openvpn_still_rejects_a_keyword_for_the_clients_ipv6_gateway(tmp_path: Path) -> None:
    with server(tmp_path) as shell:
        shell.run("""echo 'push "route-ipv6 2603:1006::/40 net_gateway_ipv6"' >> /etc/openvpn/server/server.conf""")
        shell.run(": > /run/client.log; systemctl restart openvpn-server@server")
        shell.wait("grep -q 'Initialization Sequence Completed' /run/client.log")
        assert "net_gateway_ipv6' must be a valid address" in shell.run("cat /run/client.log")
        assert ask(shell) == ways()
    details = render(plan("52.112.0.0/14", "2603:1006::/40"), "openvpn").details
    assert [(x.kind, x.code, x.family) for x in details] == [("narrowed", "family", 6)]


@pytest.mark.parametrize("value", ["", "a/b", "a b", "x.conf", "$(reboot)"])
def test_a_name_that_is_not_one_of_a_configuration_is_rejected(value: str) -> None:
    with pytest.raises(Exception, match="is not a value"):
        targets["openvpn"](Style(options={"server": value}))
