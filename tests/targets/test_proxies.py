"""Squid and the bypass lists, tested with a real squid."""

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from perimeter365 import load_catalog, load_profile, make_plan, render
from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import Style
from tests.consumers import isolated, need

EXAMPLE = Path(__file__).parents[2] / "examples" / "contoso.toml"
BASE = (
    "http_port 127.0.0.1:3128\ncache deny all\ncache_log {folder}/cache.log\naccess_log none\n"
    "pid_filename none\ncoredump_dir {folder}\n"
)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(load_catalog(), load_profile(EXAMPLE))


def text(plan: Plan, name: str, style: Style | None = None) -> str:
    return render(plan, name, style).artifacts[0].content.decode()


@pytest.mark.parametrize("cloud", ["worldwide", "china", "gcchigh", "dod"])
def test_squid_parses_the_rules_without_a_warning(cloud: str, tmp_path: Path) -> None:
    squid = need("squid")
    everything = parse_profile(
        f'[organization]\ntenant = "contoso"\nemail_domains = ["contoso.com"]\nclouds = ["{cloud}"]\n'
        '[select]\nservice_areas = ["common","exchange","sharepoint","teams","intune"]\nscenarios = ["all"]\n'
        '[roles]\nclient = ["10.0.0.0/8", "2001:db8::/32"]\nentra-connect = ["10.1.0.1"]\nmobile-device = ["10.2.0.0/16"]\n'
    )
    (tmp_path / "m365.conf").write_text(
        text(make_plan(load_catalog(), everything), "squid", Style(options={"refuse": "yes"}))
    )
    config = tmp_path / "squid.conf"
    config.write_text(BASE.format(folder=tmp_path) + f"include {tmp_path}/m365.conf\n")
    done = subprocess.run([squid, "-k", "parse", "-f", config], capture_output=True, text=True, timeout=60)
    complaints = [line for line in done.stderr.splitlines() if re.search(r"WARNING|ERROR|FATAL|error", line)]
    assert (complaints, done.returncode) == ([], 0)


QUESTIONS = {
    # request of a client -> is it allowed? From the web service's own list, with similar names.
    ("CONNECT", "outlook.office365.com:443"): True,
    ("CONNECT", "contoso.sharepoint.com:443"): True,
    ("CONNECT", "sharepoint.com:443"): False,
    ("CONNECT", "evilsharepoint.com:443"): False,
    ("CONNECT", "contoso.sharepoint.com.evil.example:443"): False,
    ("CONNECT", "site-cdn.onenote.net:443"): True,
    ("CONNECT", "autodiscover.contoso.onmicrosoft.com:443"): True,
    ("CONNECT", "cdn.evilonenote.net:443"): False,
    ("CONNECT", "contoso.sharepoint.com:22"): False,
    ("CONNECT", "www.example.org:443"): False,
    ("GET", "http://www.msftconnecttest.com/connecttest.txt"): True,
    ("GET", "http://www.example.org/"): False,
}

CLIENT = """
import socket, sys
from concurrent.futures import ThreadPoolExecutor
def ask(line):
    method, what = line.split()
    host = what.split("/")[2] if "//" in what else what
    s = socket.create_connection(("127.0.0.1", 3128), 10)
    s.settimeout(30)
    s.sendall(f"{method} {what} HTTP/1.1\\r\\nHost: {host}\\r\\nConnection: close\\r\\n\\r\\n".encode())
    return f"{method} {what} {s.recv(200).split(b' ')[1].decode()}"
with ThreadPoolExecutor(20) as pool:
    print(*pool.map(ask, sys.stdin), sep="\\n")
"""


def test_squid_allows_listed_hosts_and_refuses_the_rest(plan: Plan, tmp_path: Path) -> None:
    squid = need("squid")
    need("namespaces")
    rules = text(plan, "squid", Style(options={"refuse": "yes"})).replace("-from src 10.0.0.0/8", "-from src 127.0.0.0/8")
    (tmp_path / "m365.conf").write_text(rules)
    # No name resolves in the namespace: an allowed request fails later (503), a refused one at once (403).
    (tmp_path / "squid.conf").write_text(
        BASE.format(folder=tmp_path)
        + f"dns_nameservers 127.0.0.1\ndns_timeout 1 seconds\nshutdown_lifetime 0 seconds\ninclude {tmp_path}/m365.conf\n"
    )
    (tmp_path / "client.py").write_text(CLIENT)
    (tmp_path / "asked").write_text("".join(f"{m} {w}\n" for m, w in QUESTIONS))
    tmp_path.chmod(0o777)
    command = isolated(
        "bash",
        "-c",
        f"cd {tmp_path}; ip link set lo up; {squid} -N -f squid.conf > out 2>&1 & pid=$!;"
        f"for i in $(seq 100); do (exec 3<>/dev/tcp/127.0.0.1/3128) 2>/dev/null && break; sleep 0.1; done;"
        f"/usr/bin/python3 {tmp_path}/client.py < {tmp_path}/asked; kill $pid; wait $pid",
    )
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    codes = {(m, w): code for m, w, code in (line.split() for line in done.stdout.splitlines())}
    assert codes.keys() == QUESTIONS.keys(), done.stderr + (tmp_path / "out").read_text()
    assert {q: code != "403" for q, code in codes.items()} == QUESTIONS


def test_every_outbound_flow_that_squid_does_not_serve_is_a_loss(plan: Plan) -> None:
    result = render(plan, "squid")
    allowed = re.findall(r"^# (\S+) worldwide$", result.artifacts[0].content.decode(), re.MULTILINE)
    lost = [x.id for x in result.details if x.kind == "dropped" and x.subject == "all"]
    assert allowed
    assert lost
    assert sorted(allowed + lost) == sorted(f.id for f in plan.flows if f.direction == "outbound")


def test_flows_that_squid_is_not_for_are_counted_as_outside(plan: Plan) -> None:
    ways = Counter(f.direction for f in plan.flows if f.direction != "outbound")
    assert set(ways) == {"inbound", "internal"}
    assert {kind: n for kind, n in render(plan, "squid").outside.items() if kind in ways} == ways


@pytest.mark.parametrize("syntax", ["plain", "squid", "paloalto", "fortigate", "zscaler"])
def test_the_bypass_list_has_the_names_that_must_not_be_inspected(plan: Plan, syntax: str) -> None:
    body = text(plan, "tls-bypass", Style(options={"syntax": syntax}))
    entries = [line for line in body.splitlines() if not line.startswith("#")]
    needed = {
        h
        for f in plan.to_dict()["flows"]
        if f["direction"] == "outbound" and f["tls_inspection"] == "off"
        for h in f["destination"]["hosts"]
    }
    if syntax == "plain":
        assert set(entries) == needed
    for host in needed:
        pattern = HostPattern(host)
        if pattern.kind in ("exact", "suffix"):
            wanted = {"paloalto": f"{host}/", "fortigate": host, "plain": host}.get(syntax)
            dotted = [e for e in entries if e.startswith(".") and f".{pattern.apex}".endswith(e)]
            assert wanted in entries or dotted or pattern.text in entries, host
    assert not any(" " in e or e == "" for e in entries)


def test_squid_loads_the_bypass_list(plan: Plan, tmp_path: Path) -> None:
    squid = need("squid")
    (tmp_path / "bypass.txt").write_text(text(plan, "tls-bypass", Style(options={"syntax": "squid", "categories": "all"})))
    config = tmp_path / "squid.conf"
    # Debian's squid cannot intercept TLS; ssl::server_name reads names as dstdomain does.
    config.write_text(
        BASE.format(folder=tmp_path) + f'acl p365_bypass dstdomain "{tmp_path}/bypass.txt"\nhttp_access deny all\n'
    )
    done = subprocess.run([squid, "-k", "parse", "-f", config], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr
