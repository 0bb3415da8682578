"""Name servers, resolvers and proxies of an administrator, on which the lines of a manual are carried out.

    with Squid(folder) as server:
        server.load(plan)                      renders the plan and carries out the lines of `install`
        server.passes(["www.example.com"])     the names that it forwards to us, does not block, or lets through

Each has entries of its own, which answer for `NEIGHBOR`, and treats all names of no plan alike. The configuration is in a
copy of /etc that only the server's namespace sees. `systemctl` is a script that restarts the server: no system manager runs.
"""

import contextlib
import re
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import ClassVar, Self

from perimeter365.model.host import EXACT, GLUED, SUFFIX, HostPattern
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, targets
from perimeter365.targets.life import Part
from tests.consumers import need
from tests.life.shell import Shell

NEIGHBOR = "www.neighbor.example"
"""A name of the administrator's own entries."""
M365, WORLD, OWN = "192.0.2.53", "192.0.2.54", "192.0.2.55"
"""Name servers: the one of our option `servers`, the usual one, and the one of the administrator's own entry."""
_ANSWER = {M365: "198.51.100.53", WORLD: "198.51.100.54", OWN: "198.51.100.55"}
_END = "kill $p; while grep -qs '^State:.[^Z]' /proc/$p/status; do sleep 0.01; done"
"""Ends the process $p. No init process may wait for it, so it can stay a zombie."""
_STATUS = re.compile(r"status: ([A-Z]+), id")


class Server(ABC):
    """A server in a namespace of its own, with an administrator's configuration."""

    target: ClassVar[str]
    options: ClassVar[Mapping[str, str]] = {}
    programs: ClassVar[Sequence[str]]

    def __init__(self, folder: Path, **options: str) -> None:
        self.home = folder
        self.out = folder / "out"
        self.style = dict(self.options) | options
        self.kept: Mapping[str, int] = {}
        (folder / "bin").mkdir()
        self.out.mkdir()
        path = f"{folder}/bin:/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin"
        self.shell = Shell(folder, {"PATH": path})

    def __enter__(self) -> Self:
        for program in (*self.programs, "dnsmasq", "dig"):
            need(program)
        self.shell.__enter__()
        try:
            self.shell.run("cp -a /etc etc && mount --bind etc /etc")
            for place in ("/run", "/var/cache", "/var/log", "/var/lib/unbound"):
                self.shell.run(f"mkdir -p {place} && mount -t tmpfs none {place}")
            for address, answer in _ANSWER.items():
                self.shell.run(f"ip addr add {address}/32 dev lo")
                self.shell.run(
                    f"dnsmasq --conf-file=/dev/null --no-resolv --no-hosts --listen-address={address} --bind-interfaces "
                    f"--address=/#/{answer} --local-ttl=60 --pid-file= --user=root"
                )
            self.configure()
            self.restart()
        except BaseException:
            self.shell.__exit__(None, None, None)
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.shell.__exit__(kind, error, trace)

    @abstractmethod
    def configure(self) -> None:
        """Write the configuration of the administrator."""

    @abstractmethod
    def restart(self) -> None:
        """Start the server, as at the start of the machine; end the one that runs."""

    @abstractmethod
    def passes(self, names: Iterable[str]) -> set[str]:
        """Return the names that get the treatment of names of the plan."""

    @abstractmethod
    def state(self) -> dict[str, str]:
        """Return the configuration files, without ours: path -> text."""

    def settle(self) -> None:  # noqa: B027
        """Wait until the server has applied a configuration that it was told to read."""

    def expects(self, plan: Plan, name: str) -> bool:
        """Return whether the plan and the losses of the target say that a name passes."""
        return any(host.matches(name) for host in hosts(plan))

    def render(self, plan: Plan, **options: str) -> None:
        """Render a plan into the folder of the last render."""
        made = targets[self.target](Style(options=self.style | options, kept=self.kept)).render(plan)
        for path in self.out.iterdir():
            path.unlink()
        for artifact in made.artifacts:
            (self.out / artifact.name).write_bytes(artifact.content)
        self.kept = made.kept

    def lines(self, part: Part, **options: str) -> tuple[str, ...]:
        return targets[self.target](Style(options=self.style | options)).commands(part)

    def follow(self, part: Part, stop_after: int | None = None, **options: str) -> None:
        """Carry out a part of the manual, in the folder of the files."""
        self.carry_out(self.lines(part, **options), stop_after)

    def carry_out(self, lines: Iterable[str], stop_after: int | None = None) -> None:
        """Carry out lines in the folder of the files."""
        self.shell.folder = self.out
        try:
            self.shell.follow(lines, stop_after)
        finally:
            self.shell.folder = self.home
        self.settle()

    def load(self, plan: Plan, part: Part = "update", **options: str) -> None:
        self.render(plan, **options)
        self.follow(part, None, **options)

    def write(self, path: str, text: str) -> None:
        place = self.home / path.removeprefix("/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)

    def end(self, pid_file: str) -> None:
        self.shell.run(f"if [ -s {pid_file} ]; then p=$(cat {pid_file}); {_END}; fi")

    def files(self, *patterns: str) -> dict[str, str]:
        etc = self.home / "etc"
        found = (path for pattern in patterns for path in etc.glob(pattern) if path.is_file())
        return {str(path.relative_to(etc)): path.read_text() for path in sorted(found)}


def hosts(plan: Plan) -> list[HostPattern]:
    """Return the names of the plan that a client may need."""
    return [host for flow in plan.flows if flow.direction == "outbound" for host in flow.destination.hosts]


def dig(shell: Shell, names: Iterable[str], server: str = "127.0.0.1") -> dict[str, str]:
    """Return the address, or the status without one, that a resolver responds with for each name."""
    asked = list(names)
    said = shell.run(f"dig @{server} +tries=2 +time=2 {' '.join(f'{name} A' for name in asked)}").split(";; Got answer:")[1:]
    assert len(said) == len(asked), said
    found = {}
    for name, text in zip(asked, said, strict=True):
        records = [line.split() for line in text.partition(";; ANSWER SECTION:\n")[2].splitlines()]
        status = _STATUS.search(text)
        assert status, text
        found[name] = next((r[4] for r in records if len(r) == 5 and r[3] == "A"), status[1])
    return found


class Dnsmasq(Server):
    """dnsmasq, which forwards names of the plan to another server."""

    target = "dnsmasq"
    options: ClassVar[Mapping[str, str]] = {"servers": M365}
    programs: ClassVar[Sequence[str]] = ("dnsmasq",)

    def configure(self) -> None:
        self.write(
            "etc/dnsmasq.conf",
            f"no-resolv\nno-hosts\nserver={WORLD}\nlisten-address=127.0.0.1\nbind-interfaces\nuser=root\n"
            "pid-file=/run/dnsmasq.pid\nconf-dir=/etc/dnsmasq.d\n",
        )
        self.write("etc/dnsmasq.d/own.conf", f"server=/neighbor.example/{OWN}\n")
        script = self.home / "bin/systemctl"
        script.write_text(
            '#!/bin/sh\n[ "$*" = "restart dnsmasq" ] || exit 1\n'
            f"if [ -s /run/dnsmasq.pid ]; then p=$(cat /run/dnsmasq.pid); {_END}; fi\nexec dnsmasq\n"
        )
        script.chmod(0o755)

    def restart(self) -> None:
        self.shell.run("systemctl restart dnsmasq")

    def passes(self, names: Iterable[str]) -> set[str]:
        return {name for name, answer in dig(self.shell, names).items() if answer == _ANSWER[M365]}

    def state(self) -> dict[str, str]:
        return self.files("dnsmasq.conf", "dnsmasq.d/*", "nftables.conf")


class Unbound(Dnsmasq):
    """Unbound, which forwards whole domains to another server."""

    target = "unbound"
    programs = ("unbound", "unbound-checkconf")

    def configure(self) -> None:
        self.write("etc/unbound/unbound.conf", 'include-toplevel: "/etc/unbound/unbound.conf.d/*.conf"\n')
        shutil.rmtree(self.home / "etc/unbound/unbound.conf.d")
        self.write(
            "etc/unbound/unbound.conf.d/own.conf",
            'server:\n  interface: 127.0.0.1\n  chroot: ""\n  username: ""\n  pidfile: /run/unbound.pid\n  use-syslog: no\n'
            '  module-config: "iterator"\n  do-not-query-localhost: no\n  logfile: "/var/log/unbound.log"\n'
            "remote-control:\n  control-enable: yes\n  control-interface: /run/unbound.ctl\n"
            f'forward-zone:\n  name: "."\n  forward-addr: {WORLD}\n'
            f'forward-zone:\n  name: "neighbor.example."\n  forward-addr: {OWN}\n',
        )

    def restart(self) -> None:
        self.end("/run/unbound.pid")
        self.shell.run("unbound")
        self.shell.wait("unbound-control status")

    def state(self) -> dict[str, str]:
        return self.files("unbound/*.conf", "unbound/unbound.conf.d/*")

    def expects(self, plan: Plan, name: str) -> bool:
        """A forward zone has its domain and all names below it, which is a loss."""
        domains = {host.apex for host in hosts(plan) if host.kind in (EXACT, SUFFIX)}
        return any(f".{name.lower().rstrip('.')}".endswith(f".{domain}") for domain in domains)


class Named(Server):
    """named, which blocks every name that no earlier zone exempts."""

    target = "bind-rpz"
    programs = ("named", "named-checkconf", "named-checkzone")
    block = "$TTL 60\n@ SOA localhost. h.localhost. 1 3600 600 604800 60\n@ NS localhost.\n* CNAME .\n"

    def configure(self) -> None:
        self.write(
            "etc/bind/named.conf.options",
            'options {\n    directory "/var/cache/bind";\n    listen-on { 127.0.0.1; };\n    listen-on-v6 { none; };\n'
            "    recursion yes;\n    dnssec-validation no;\n    max-cache-size 8m;\n"
            f"    forwarders {{ {WORLD}; }};\n    forward only;\n"
            "    empty-zones-enable no;\n    qname-minimization off;\n    notify-delay 0;\n"
            '    response-policy { zone "own.rpz"; zone "block.rpz"; } min-update-interval 0 qname-wait-recurse no;\n};\n',
        )
        (self.home / "etc/bind/rndc.key").unlink(missing_ok=True)
        self.write("etc/bind/rndc.key", 'key "rndc-key" { algorithm hmac-sha256; secret "c2VjcmV0"; };\n')
        self.write("etc/bind/block.rpz", self.block)
        self.write("etc/bind/own.rpz", self.block.replace("* CNAME .", f"{NEIGHBOR} A {_ANSWER[OWN]}"))
        self.write(
            "etc/bind/named.conf.local",
            "".join(f'zone "{z}" {{ type primary; file "/etc/bind/{z}"; }};\n' for z in ("own.rpz", "block.rpz")),
        )
        self.shell.run("mkdir -p /run/named /var/cache/bind")

    def restart(self) -> None:
        self.end("/run/named/named.pid")
        self.shell.run("named -n 1 -c /etc/bind/named.conf")
        self.shell.wait("rndc status")

    def passes(self, names: Iterable[str]) -> set[str]:
        return {name for name, answer in dig(self.shell, names).items() if answer == _ANSWER[WORLD]}

    def settle(self) -> None:
        with contextlib.suppress(AssertionError):
            self.shell.wait("rndc status")

    def state(self) -> dict[str, str]:
        return self.files("bind/*")

    def expects(self, plan: Plan, name: str) -> bool:
        """A wildcard inside a label is a loss."""
        return any(host.matches(name) for host in hosts(plan) if host.kind in (EXACT, SUFFIX))


_ASK = """
import socket, sys
for line in sys.stdin:
    method, what = line.split()
    s = socket.create_connection(("127.0.0.1", 3128), 10)
    s.settimeout(30)
    host = what.split("/")[2] if "//" in what else what
    s.sendall(f"{method} {what} HTTP/1.1\\r\\nHost: {host}\\r\\nConnection: close\\r\\n\\r\\n".encode())
    print(method, what, s.recv(200).split(b" ")[1].decode(), flush=True)
    s.close()
"""


class Squid(Server):
    """Debian's squid, which lets nothing through but what a rule allows."""

    target = "squid"
    programs = ("squid",)
    rules = "http_access allow neighbor\n"

    def configure(self) -> None:
        self.write(
            "etc/squid/squid.conf",
            "acl SSL_ports port 443\nacl SSL_ports port 5223\nacl Safe_ports port 80 443 1025-65535\n"
            "http_access deny !Safe_ports\nhttp_access deny CONNECT !SSL_ports\ninclude /etc/squid/conf.d/*.conf\n"
            "http_access deny all\nhttp_port 127.0.0.1:3128\ncache deny all\ncache_mem 8 MB\naccess_log none\n"
            "dns_nameservers 127.0.0.1\nshutdown_lifetime 0 seconds\npid_filename /run/squid.pid\npinger_enable off\n"
            "cache_log /var/log/squid/cache.log\ncoredump_dir /var/log/squid\n",
        )
        self.shell.run("mkdir -m 777 /var/log/squid")
        self.write("etc/squid/conf.d/own.conf", f"acl neighbor dstdomain -n {NEIGHBOR}\n{self.rules}")
        self.write("ask.py", _ASK)
        self.write("dns.conf", self.names())
        self.shell.run(f"dnsmasq -C {self.home}/dns.conf --pid-file= -u root")

    def names(self) -> str:
        """Return the configuration of the name server that squid asks: nothing listens at the address of any name."""
        return (
            "no-resolv\nno-hosts\nlisten-address=127.0.0.1\nbind-interfaces\naddress=/#/127.0.0.77\n"
            # addresses of an adversary, whose PTR records have names of plans
            "ptr-record=9.100.51.198.in-addr.arpa,only.example\nptr-record=11.100.51.198.in-addr.arpa,a.wide.example\n"
            "host-record=mixed.example,198.51.100.9,198.51.100.200\ncname=alias.example,only.example\n"
        )

    def restart(self) -> None:
        self.end("/run/squid.pid")
        self.shell.run("squid")
        self.settle()

    def settle(self) -> None:
        """The log tells when squid listens again."""
        time.sleep(0.15)
        end, text = time.monotonic() + 15, ""
        while time.monotonic() < end:
            text = self.shell.attempt("cat /var/log/squid/cache.log").stdout
            if text.count("Accepting HTTP Socket") == text.count("Starting Squid") + text.count("Reconfiguring Squid"):
                return
            time.sleep(0.05)
        raise AssertionError(text)

    def codes(self, requests: Iterable[str]) -> dict[str, str]:
        """Return the status code of each request: `CONNECT www.example.com:443`."""
        self.write("asked", "".join(f"{request}\n" for request in requests))
        said = self.shell.run("/usr/bin/python3 ask.py < asked").splitlines()
        return {line.rpartition(" ")[0]: line.rpartition(" ")[2] for line in said}

    def passes(self, names: Iterable[str]) -> set[str]:
        """Nothing listens behind the proxy: a request that it lets through fails later."""
        codes = self.codes(f"CONNECT {name}:443" for name in names)
        return {request.split(" ")[1].removesuffix(":443") for request, code in codes.items() if code != "403"}

    def state(self) -> dict[str, str]:
        return self.files("squid/**/*")


class Bypass(Squid):
    """The list of TLS inspection. Debian's squid inspects nothing: a rule lets through what the list has."""

    target = "tls-bypass"
    options: ClassVar[Mapping[str, str]] = {"syntax": "squid", "categories": "all"}
    rules = (
        'http_access allow neighbor\nacl p365_bypass dstdomain -n "/etc/squid/m365-bypass.txt"\n'
        'acl other_bypass dstdomain -n "/etc/squid/m365other-bypass.txt"\n'
        "http_access allow p365_bypass\nhttp_access allow other_bypass\n"
    )

    def configure(self) -> None:
        super().configure()
        for name in ("m365-bypass.txt", "m365other-bypass.txt"):
            self.write(f"etc/squid/{name}", "")

    def state(self) -> dict[str, str]:
        return {name: text for name, text in super().state().items() if "bypass" not in name or text}

    def expects(self, plan: Plan, name: str) -> bool:
        """The syntax has no wildcard inside a label, and `.name` has the name itself: both are losses."""
        found = [host for host in hosts(plan) if host.kind != GLUED]
        return any(host.matches(name) or host.apex == name.lower().rstrip(".") for host in found)
