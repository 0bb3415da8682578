"""The real programs that read artifacts: how to find and install them.

    nft = need("nft")                                    Path("/usr/sbin/nft"), or the test is skipped
    subprocess.run(isolated(nft, "-c", "-f", rules))     in a separate network namespace
    need("no-such")                                      KeyError: not in the table below

Call `need` in a test or a fixture, not at the top level of a module. If a program is missing, the test is
skipped with the command that installs it, and a summary at the end of the run lists the missing programs.
With `--consumers=required` (as in `.ci/run`), the test fails instead. Only consumers of the tier `optional`,
which are too large or not available in the other tiers, may still be skipped. `--consumers=hidden` simulates a
machine that only has the consumers that are Python packages.

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
asked: set[str] = set()
"""The tests in which `need` was called, as node IDs."""

"""The value of `--consumers`: use those found, require all, or hide all except Python packages."""

Tier = Literal["system", "system-wine", "test", "optional"]
INSTALL: Mapping[Tier, str] = {
    "system": "make system (as root)",
    "system-wine": "make system ARGS=system-wine (as root)",
    "test": "make test (the dependency group `test` of pyproject.toml)",
}
"""Tier -> command that installs it; optional consumers have their own."""

OUTSIDE_PATH = ("/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/local/bin", "/usr/bin", "/bin")
"""Folders of programs that the PATH of an unprivileged user may not contain."""

missing: Counter[str] = Counter()
"""Number of tests in this run by name of a missing consumer."""


@dataclass(frozen=True, kw_only=True)
class Consumer:
    """A program, module or capability of the system that tests artifacts."""

    proves: str
    """What it tests, in a few words."""
    find: Callable[[], Path | None]
    """Function that returns its path, or None."""
    tier: Tier
    package: str = ""
    """The Debian package that contains it; "" if there is none."""
    install: str = ""
    """The command that installs it, if it is not the one of its tier."""

    @property
    def how(self) -> str:
        """The command that installs it."""
        return self.install or INSTALL[self.tier]


def program(*names: str, proves: str, package: str, tier: Tier = "system", install: str = "") -> Consumer:
    """Define a program: the first of these names that exists."""

    def find() -> Path | None:
        path = os.pathsep.join([os.environ.get("PATH", ""), *OUTSIDE_PATH])
        found = (shutil.which(name, path=path) for name in names)
        return next((Path(each) for each in found if each), None)

    return Consumer(proves=proves, find=find, tier=tier, package=package, install=install)


def module(name: str, *, proves: str, tier: Tier = "test", install: str = "") -> Consumer:
    """Define a module of the interpreter that runs the tests; its path is its file."""

    def find() -> Path | None:
        spec = importlib.util.find_spec(name)
        return Path(spec.origin) if spec is not None and spec.origin else None

    return Consumer(proves=proves, find=find, tier=tier, install=install)


def _next_to_python(name: str) -> Callable[[], Path | None]:
    """Define a program that a Python package has installed next to the interpreter."""

    def find() -> Path | None:
        path = Path(sys.executable).parent / name
        return path if path.exists() else None

    return find


def _tool(name: str) -> Callable[[], Path | None]:
    """Define a program of the environment of tools (`tasks/bootstrap.py --tools`); also found in the PATH."""

    def find() -> Path | None:
        folders = [str(Path(sys.prefix) / "tools" / "bin"), os.environ.get("PATH", "")]
        found = shutil.which(name, path=os.pathsep.join(folders))
        return Path(found) if found else None

    return find


def _python_with_samba() -> Path | None:
    """Return the Python of Debian if it has python3-samba (not on the index)."""
    python = Path("/usr/bin/python3")
    return python if python.exists() and _runs(python, "-c", "from samba.dcerpc import preg") else None


def _postgresql() -> Path | None:
    """Return the folder of the newest PostgreSQL; on Debian it is not in the PATH."""

    def version(folder: Path) -> list[int]:
        return [int(number) for number in re.findall(r"\d+", folder.parent.name)]

    folders = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if (folder / "initdb").exists()]
    if folders:
        return max(folders, key=version)
    initdb = shutil.which("initdb")
    return Path(initdb).parent if initdb else None


def _namespaces() -> Path | None:
    """Return `unshare` if this user can create network namespaces."""
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
    # host firewalls
    "namespaces": Consumer(
        proves="rules that are loaded, and connections to public addresses",
        find=_namespaces,
        tier="system",
        install="run as root (CAP_SYS_ADMIN in a container), or allow user namespaces in the kernel (unshare -Urnm)",
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
    "rsync": program("rsync", proves="lists as they are published", package="rsync"),
    # names and routes
    "dnsmasq": program("dnsmasq", proves="dnsmasq", package="dnsmasq-base"),
    "unbound-checkconf": program("unbound-checkconf", proves="unbound", package="unbound"),
    "unbound": program("unbound", proves="unbound", package="unbound"),
    "named": program("named", proves="BIND and RPZ", package="bind9"),
    "dig": program("dig", proves="answers of real name servers", package="bind9-dnsutils"),
    "named-checkconf": program("named-checkconf", proves="BIND and RPZ", package="bind9-utils"),
    "named-checkzone": program("named-checkzone", proves="BIND and RPZ", package="bind9-utils"),
    "bird": program("bird", proves="BIRD", package="bird2"),
    "openvpn": program("openvpn", proves="OpenVPN", package="openvpn"),
    "wg-quick": program("wg-quick", proves="WireGuard", package="wireguard-tools"),
    "wireguard-go": program("wireguard-go", proves="WireGuard without a kernel module", package="wireguard-go"),
    "vtysh": program("vtysh", proves="FRRouting", package="frr"),
    # PAC files and pages
    "node": program("node", "nodejs", proves="PAC files in V8", package="nodejs"),
    "pacparser": module("pacparser", proves="PAC files in SpiderMonkey"),
    "proxy": program("proxy", proves="PAC files in libproxy", package="libproxy-tools"),
    "axe": module("axe_playwright_python", proves="accessibility of pages"),
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
    "fwshift": Consumer(proves="that vendors' files decide alike", find=_tool("fwshift"), tier="test"),
    "ansible-playbook": Consumer(proves="Ansible", find=_next_to_python("ansible-playbook"), tier="test"),
    "cfn-lint": Consumer(proves="CloudFormation", find=_next_to_python("cfn-lint"), tier="test"),
    "kubernetes-validate": module("kubernetes_validate", proves="objects of Kubernetes"),
    "postgresql": Consumer(proves="the store in PostgreSQL", find=_postgresql, tier="system", package="postgresql"),
    "strace": program("strace", proves="durability with failing disks", package="strace"),
    # shells with completion
    "zsh": program("zsh", proves="completion in zsh", package="zsh"),
    "fish": program("fish", proves="completion in fish", package="fish"),
    # optional: too large, or not available from Debian and the package index
    "chdb": module("chdb", proves="ClickHouse ip_trie", tier="optional", install=".venv/bin/pip install chdb (534 MB)"),
    "pyspark": module(
        "pyspark",
        proves="Spark",
        tier="optional",
        install=".venv/bin/pip install pyspark, and Java 17 or newer",
    ),
    "kubectl": program(
        "kubectl",
        proves="network policies of Kubernetes",
        package="",
        tier="optional",
        install="https://kubernetes.io/docs/tasks/tools/ (1.26 or later; Debian's kubernetes-client is older)",
    ),
    "terraform": program(
        "terraform",
        proves="Terraform JSON",
        package="",
        tier="optional",
        install="https://developer.hashicorp.com/terraform/install",
    ),
}
"""Name for `need` -> consumer."""


@functools.cache
def found(name: str) -> Path | None:
    """Return the path of a consumer, or None. The search is done once per run.

    Raises:
        KeyError: there is no such entry in `CONSUMERS`.
    """
    consumer = CONSUMERS[name]
    return None if mode == "hidden" and consumer.tier != "test" else consumer.find()


def need(name: str) -> Path:
    """Return the path of a consumer.

    If it is missing, skip the test, or fail if consumers are required.

    The path is that of the program; for a Python module its file, for `samba` the interpreter that has it, for
    `postgresql` the folder of its programs, for `namespaces` the program `unshare`.

    Raises:
        KeyError: there is no such entry in `CONSUMERS`.
    """
    if test := os.environ.get("PYTEST_CURRENT_TEST"):
        asked.add(test.rpartition(" (")[0])
    path = found(name)
    if path is not None:
        return path
    consumer = CONSUMERS[name]
    missing[name] += 1
    reason = f"{name} is not installed ({consumer.proves}); to install it: {consumer.how}"
    if mode == "required" and consumer.tier != "optional":
        pytest.fail(f"{reason}. --consumers=required does not allow skips", pytrace=False)
    pytest.skip(reason)


def isolated(*command: str | Path) -> list[str]:
    """Wrap a command to run as root of new network and mount namespaces.

    What it loads or mounts does not affect this machine and ends with it. Call `need("namespaces")` first.
    """
    return [str(need("namespaces")), *_unshare_flags(), "--", *(str(word) for word in command)]


def summary() -> list[str]:
    """Return lines about the consumers that were missing in this run."""
    lines = []
    for name, tests in sorted(missing.items()):
        consumer = CONSUMERS[name]
        note = "optional, " if consumer.tier == "optional" else ""
        lines.append(f"{name}: {tests} test{'s' if tests > 1 else ''} ({note}{consumer.proves}) -> {consumer.how}")
    return lines
