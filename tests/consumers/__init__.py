"""The real programs that read what perimeter365 writes: which there are, where they are, how to get them.

    nft = need("nft")                                    Path("/usr/sbin/nft"), or the test is skipped
    subprocess.run(isolated(nft, "-c", "-f", rules))     in a network namespace of its own
    need("no-such")                                      KeyError: a consumer has to be in the table below

`need` belongs into a test or a fixture, not at the top of a module. A missing program skips the test with
the command that installs it, and the end of the run lists what was skipped.
`--consumers=required` (as in `.ci/run`) makes the test fail instead: no proof is left out in silence. Only a
consumer of the tier `optional`, whose size or origin keeps it out of the other tiers, may still be skipped then.
`--consumers=hidden` makes the run that of a machine with none but those which are Python packages.

A new consumer is one entry in `CONSUMERS` and, if Debian has it, one line in `tasks/system-packages.txt`.
"""

import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

MODES = ("found", "required", "hidden")
mode = "found"
"""How a run treats consumers, from `--consumers`: use what is here, require all, or find none but Python packages."""

Tier = Literal["system", "system-wine", "test", "optional"]
INSTALL: Mapping[Tier, str] = {
    "system": "make system (as root)",
    "system-wine": "make system ARGS=system-wine (as root)",
    "test": "make test (the dependency group `test` of pyproject.toml)",
}
"""What installs a tier, for a person; an optional consumer says it itself."""

OUTSIDE_PATH = ("/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin", "/bin")
"""Where programs lie that an ordinary user's PATH does not name."""

missing: Counter[str] = Counter()
"""How many tests asked in vain, by name, in this run."""


@dataclass(frozen=True, kw_only=True)
class Consumer:
    """A program, a Python module or an ability of the system that proves artifacts."""

    proves: str
    """What for, in a few words."""
    find: Callable[[], Path | None]
    """Where it is, or None."""
    tier: Tier
    package: str = ""
    """The Debian package that brings it; "" if none does."""
    install: str = ""
    """The command that installs it, where its tier's does not."""

    @property
    def how(self) -> str:
        """The command that installs it."""
        return self.install or INSTALL[self.tier]


def program(*names: str, proves: str, package: str, tier: Tier = "system", install: str = "") -> Consumer:
    """A program under the first of these names that is there."""

    def find() -> Path | None:
        path = os.pathsep.join([os.environ.get("PATH", ""), *OUTSIDE_PATH])
        found = (shutil.which(name, path=path) for name in names)
        return next((Path(each) for each in found if each), None)

    return Consumer(proves=proves, find=find, tier=tier, package=package, install=install)


def module(name: str, *, proves: str, tier: Tier = "test", install: str = "") -> Consumer:
    """A module of the Python that runs the tests; its path is its file's."""

    def find() -> Path | None:
        spec = importlib.util.find_spec(name)
        return Path(spec.origin) if spec is not None and spec.origin else None

    return Consumer(proves=proves, find=find, tier=tier, install=install)


def _beside_python(name: str) -> Callable[[], Path | None]:
    """Finds a program that a Python package has put beside the interpreter."""

    def find() -> Path | None:
        path = Path(sys.executable).parent / name
        return path if path.exists() else None

    return find


def _python_with_samba() -> Path | None:
    """Debian's own Python, where python3-samba can be imported; it is not to be had from a package index."""
    python = Path("/usr/bin/python3")
    return python if python.exists() and _runs(python, "-c", "from samba.dcerpc import preg") else None


def _postgresql() -> Path | None:
    """The folder with initdb and postgres of the newest server; Debian keeps them out of the PATH."""

    def version(folder: Path) -> list[int]:
        return [int(number) for number in re.findall(r"\d+", folder.parent.name)]

    folders = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if folders:
        return max(folders, key=version)
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def _namespaces() -> Path | None:
    """`unshare`, where this user may make network namespaces with it: root, or in a user namespace."""
    unshare = shutil.which("unshare")
    return Path(unshare) if unshare and _runs(unshare, *_unshare_flags(), "true") else None


def _unshare_flags() -> tuple[str, ...]:
    return ("--net", "--mount") if os.geteuid() == 0 else ("--user", "--map-root-user", "--net", "--mount")


def _runs(*command: str | Path) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


CONSUMERS: Mapping[str, Consumer] = {
    # firewalls of the machine
    "namespaces": Consumer(
        proves="anything that loads rules or dials public addresses",
        find=_namespaces,
        tier="system",
        install="root, in a container with CAP_SYS_ADMIN; or a kernel that lets users make namespaces (unshare -Urnm)",
    ),
    "nft": program("nft", proves="nftables", package="nftables"),
    "iptables": program("iptables", proves="iptables", package="iptables"),
    "iptables-restore": program("iptables-restore", proves="iptables", package="iptables"),
    "ip6tables-restore": program("ip6tables-restore", proves="iptables", package="iptables"),
    "ipset": program("ipset", proves="ipset", package="ipset"),
    "ip": program("ip", proves="the namespace laboratory", package="iproute2"),
    "ufw": program("ufw", proves="ufw", package="ufw"),
    "firewall-offline-cmd": program("firewall-offline-cmd", proves="firewalld", package="firewalld"),
    "tcpdump": program("tcpdump", proves="capture filters", package="tcpdump"),
    # proxies and web servers
    "squid": program("squid", proves="squid", package="squid"),
    "haproxy": program("haproxy", proves="haproxy", package="haproxy"),
    "nginx": program("nginx", proves="nginx", package="nginx-light"),
    "tinyproxy": program("tinyproxy", proves="probes through a proxy", package="tinyproxy"),
    "wrk": program("wrk", proves="the speed of the web service", package="wrk"),
    # names and routes
    "dnsmasq": program("dnsmasq", proves="dnsmasq", package="dnsmasq-base"),
    "unbound-checkconf": program("unbound-checkconf", proves="unbound", package="unbound"),
    "unbound": program("unbound", proves="unbound", package="unbound"),
    "named": program("named", proves="BIND and RPZ", package="bind9"),
    "named-checkconf": program("named-checkconf", proves="BIND and RPZ", package="bind9-utils"),
    "named-checkzone": program("named-checkzone", proves="BIND and RPZ", package="bind9-utils"),
    "bird": program("bird", proves="BIRD", package="bird2"),
    "openvpn": program("openvpn", proves="OpenVPN", package="openvpn"),
    "vtysh": program("vtysh", proves="FRRouting", package="frr"),
    # PAC files and pages
    "node": program("node", "nodejs", proves="PAC files in V8", package="nodejs"),
    "pacparser": module("pacparser", proves="PAC files in SpiderMonkey"),
    "proxy": program("proxy", proves="PAC files in libproxy", package="libproxy-tools"),
    "chromium": program("chromium", proves="PAC files and pages in a browser", package="chromium"),
    # Windows
    "samba": Consumer(proves="Registry.pol", find=_python_with_samba, tier="system", package="python3-samba"),
    "wine": program("wine", "wine64", proves=".reg, zones, ES3", package="wine", tier="system-wine"),
    "mingw": program(
        "x86_64-w64-mingw32-gcc",
        "x86_64-w64-mingw32-gcc-win32",
        proves="zones as Windows maps them",
        package="gcc-mingw-w64-x86-64-win32",
        tier="system-wine",
    ),
    # tables, databases, automation
    "maxminddb": module("maxminddb", proves="MMDB files"),
    "aerleon": module("aerleon", proves="vendors' ACLs, as a second opinion"),
    "ansible-playbook": Consumer(proves="Ansible", find=_beside_python("ansible-playbook"), tier="test"),
    "postgresql": Consumer(proves="the store in PostgreSQL", find=_postgresql, tier="system", package="postgresql"),
    "strace": program("strace", proves="that a failing disk loses nothing", package="strace"),
    # the shells that complete our command lines
    "zsh": program("zsh", proves="completion in zsh", package="zsh"),
    "fish": program("fish", proves="completion in fish", package="fish"),
    # of no tier: too large, or not to be had from Debian and the package index
    "chdb": module("chdb", proves="ClickHouse ip_trie", tier="optional", install=".venv/bin/pip install chdb (534 MB)"),
    "pyspark": module(
        "pyspark",
        proves="Spark",
        tier="optional",
        install=".venv/bin/pip install pyspark, and a Java of 17 or newer",
    ),
    "terraform": program(
        "terraform",
        proves="Terraform JSON",
        package="",
        tier="optional",
        install="https://developer.hashicorp.com/terraform/install",
    ),
}
"""Every consumer that a test may ask for, by the name it asks with."""


@functools.cache
def found(name: str) -> Path | None:
    """Where the consumer is, or None; looked up once a run.

    Raises:
        KeyError: there is no such entry in `CONSUMERS`.
    """
    consumer = CONSUMERS[name]
    return None if mode == "hidden" and consumer.tier != "test" else consumer.find()


def need(name: str) -> Path:
    """Where the consumer is; without it, the test that asks is skipped, or fails where none may be.

    Returns the program; for a Python module its file, for `samba` the Python that has it, for `postgresql`
    the folder of its programs, for `namespaces` the program `unshare`.

    Raises:
        KeyError: there is no such entry in `CONSUMERS`.
    """
    path = found(name)
    if path is not None:
        return path
    consumer = CONSUMERS[name]
    missing[name] += 1
    reason = f"{name} is not here ({consumer.proves}); to get it: {consumer.how}"
    if mode == "required" and consumer.tier != "optional":
        pytest.fail(f"{reason}. --consumers=required allows no skip", pytrace=False)
    pytest.skip(reason)


def isolated(*command: str | Path) -> list[str]:
    """`command` in a network and mount namespace of its own, as root there; for `subprocess.run`.

    Nothing it loads or mounts outlives it or reaches this machine. Ask `need("namespaces")` first.
    """
    return [str(need("namespaces")), *_unshare_flags(), "--", *(str(word) for word in command)]


def summary() -> list[str]:
    """Lines about what was missing in this run, for the end of it; none if nothing was."""
    lines = []
    for name, tests in sorted(missing.items()):
        consumer = CONSUMERS[name]
        note = "optional, " if consumer.tier == "optional" else ""
        lines.append(f"{name}: {tests} test{'s' if tests > 1 else ''} ({note}{consumer.proves}) -> {consumer.how}")
    return lines
