"""Resolvers and zones, tested with real servers in a network namespace.

One small authoritative server (dnsmasq, on other ports) is the resolver for Microsoft 365 names, another one is the resolver
for all other names. The answer shows which of them was queried.
"""

import json
import re
import subprocess
from pathlib import Path

import pytest

from perimeter365 import load_catalog, load_profile, make_plan, render
from perimeter365.model.host import HostPattern
from perimeter365.plan.observed import parse_observed
from perimeter365.plan.plan import Plan, PlanParty
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import Style
from perimeter365.targets._bases.dns import outermost
from tests.consumers import isolated, need
from tests.targets.netfilter import flow

EXAMPLE = Path(__file__).parents[3] / "examples" / "contoso.toml"
M365, WORLD = "192.0.2.53", "192.0.2.54"
QUERIES = {
    # name -> which resolver has to answer: listed names and names below them, but no similar names
    "outlook.office365.com": M365,
    "contoso.sharepoint.com": M365,
    "a.b.teams.microsoft.com": M365,
    "evilsharepoint.com": WORLD,
    "sharepoint.com.evil.example": WORLD,
    "www.example.org": WORLD,
}
ANSWER = {M365: "198.51.100.53", WORLD: "198.51.100.54"}


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(load_catalog(), load_profile(EXAMPLE))


def files(plan: Plan, name: str, style: Style | None = None) -> dict[str, str]:
    return {a.name: a.content.decode() for a in render(plan, name, style).artifacts}


def run(folder: Path, script: str) -> str:
    """A shell script in a network namespace in which both resolvers listen."""
    need("namespaces")
    dnsmasq = need("dnsmasq")
    start = "set -e; ip link set lo up; " + "".join(
        f"ip addr add {address}/32 dev lo; {dnsmasq} --no-daemon --conf-file=/dev/null --no-resolv --no-hosts --port=53 "
        f"--listen-address={address} --bind-interfaces --address=/#/{answer} --pid-file= > {folder}/r-{address}.log 2>&1 & "
        for address, answer in ANSWER.items()
    )
    # The shell's children end with the namespace's last process. Wait until both resolvers answer.
    command = isolated("bash", "-c", f"cd {folder}; trap 'kill $(jobs -p)' EXIT; {start} sleep 0.5; {script}")
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


ASK = """
import socket, struct, sys
def ask(name, server):
    question = b"".join(bytes([len(x)]) + x.encode() for x in name.split(".")) + b"\\0" + struct.pack(">HH", 1, 1)
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(3)
    s.sendto(struct.pack(">HHHHHH", 7, 0x100, 1, 0, 0, 0) + question, (server, 53))
    reply = s.recv(4096)
    answers = struct.unpack(">H", reply[6:8])[0]
    return ".".join(str(b) for b in reply[-4:]) if answers else "none, code %d" % (reply[3] & 15)
for name in sys.argv[2:]:
    print(name, ask(name, sys.argv[1]))
"""


def answers(text: str) -> dict[str, str]:
    return {name: answer for name, _, answer in (line.partition(" ") for line in text.splitlines() if "." in line)}


def test_dnsmasq_forwards_the_listed_names(plan: Plan, tmp_path: Path) -> None:
    dnsmasq = need("dnsmasq")
    (tmp_path / "m365.conf").write_text(
        files(plan, "dnsmasq", Style(options={"sets": "none", "servers": M365}))["m365.conf"]
    )
    (tmp_path / "ask.py").write_text(ASK)
    assert subprocess.run([dnsmasq, "--test", "-C", tmp_path / "m365.conf"], capture_output=True).returncode == 0
    out = run(
        tmp_path,
        f"{dnsmasq} --no-daemon --conf-file=m365.conf --no-resolv --no-hosts --server={WORLD} --listen-address=127.0.0.9 "
        f"--bind-interfaces --pid-file= 2>log & sleep 0.5; /usr/bin/python3 ask.py 127.0.0.9 {' '.join(QUERIES)}",
    )
    assert answers(out) == {name: ANSWER[server] for name, server in QUERIES.items()}


def test_dnsmasq_fills_the_sets_only_when_widening_is_allowed(plan: Plan, tmp_path: Path) -> None:
    dnsmasq, nft = need("dnsmasq"), need("nft")
    options = {"servers": M365, "sets": "inet#perimeter365_dns#m365"}
    assert "nftset=" not in files(plan, "dnsmasq", Style(options=options))["m365.conf"]
    assert "nftset=" not in files(plan, "dnsmasq", Style(options={"servers": M365}, allow_widen=True))["m365.conf"]
    style = Style(options=options, allow_widen=True)
    for name, text in files(plan, "dnsmasq", style).items():
        (tmp_path / name).write_text(text)
    (tmp_path / "ask.py").write_text(ASK)
    out = run(
        tmp_path,
        f"{nft} -f m365-sets.nft;"
        f"{dnsmasq} --no-daemon --conf-file=m365.conf --no-resolv --no-hosts --server={WORLD} --listen-address=127.0.0.9 "
        "--bind-interfaces --pid-file= --user=root 2>log & sleep 0.5;"
        f"/usr/bin/python3 ask.py 127.0.0.9 www.example.org; {nft} list set inet perimeter365_dns m365_4; echo ---;"
        f"/usr/bin/python3 ask.py 127.0.0.9 contoso.sharepoint.com; {nft} list set inet perimeter365_dns m365_4",
    )
    before, after = out.split("---\n")
    assert "elements" not in before
    assert ANSWER[M365] in after.partition("set m365_4")[2]


def test_unbound_accepts_the_zones_and_forwards_the_listed_names(plan: Plan, tmp_path: Path) -> None:
    check, unbound = need("unbound-checkconf"), need("unbound")
    (tmp_path / "m365.conf").write_text(files(plan, "unbound", Style(options={"servers": M365}))["m365.conf"])
    (tmp_path / "ask.py").write_text(ASK)
    (tmp_path / "unbound.conf").write_text(
        f'server:\n  interface: 127.0.0.9\n  do-daemonize: no\n  chroot: ""\n  username: ""\n  pidfile: ""\n'
        f"  use-syslog: no\n"
        f'  module-config: "iterator"\n  do-not-query-localhost: no\n  directory: "{tmp_path}"\n'
        f'include: "{tmp_path}/m365.conf"\nforward-zone:\n  name: "."\n  forward-addr: {WORLD}\n'
    )
    done = subprocess.run([check, tmp_path / "unbound.conf"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    out = run(tmp_path, f"{unbound} -c unbound.conf 2>log & sleep 1; /usr/bin/python3 ask.py 127.0.0.9 {' '.join(QUERIES)}")
    assert answers(out) == {name: ANSWER[server] for name, server in QUERIES.items()}


def test_named_passes_listed_names_and_blocks_the_others(plan: Plan, tmp_path: Path) -> None:
    check, named = need("named-checkzone"), need("named")
    (tmp_path / "m365.rpz").write_text(files(plan, "bind-rpz")["m365.rpz"])
    (tmp_path / "ask.py").write_text(ASK)
    assert subprocess.run([check, "m365.rpz", tmp_path / "m365.rpz"], capture_output=True).returncode == 0
    (tmp_path / "block.rpz").write_text("$TTL 60\n@ SOA localhost. root.localhost. 1 1 1 1 1\n@ NS localhost.\n* CNAME .\n")
    zones = "".join(f'zone "{z}" {{ type primary; file "{tmp_path}/{z}"; }};\n' for z in ("m365.rpz", "block.rpz"))
    (tmp_path / "named.conf").write_text(
        f'options {{ directory "{tmp_path}"; listen-on {{ 127.0.0.1; }}; listen-on-v6 {{ none; }}; pid-file none;'
        f"recursion yes;"
        f"allow-query {{ any; }}; forwarders {{ {M365}; }}; forward only; dnssec-validation no;"
        f'response-policy {{ zone "m365.rpz"; zone "block.rpz"; }}; }};\n{zones}'
    )
    names = [*QUERIES, "sharepoint.com"]
    out = run(
        tmp_path, f"{named} -g -c named.conf > log 2>&1 & sleep 2; /usr/bin/python3 ask.py 127.0.0.1 {' '.join(names)}"
    )
    # exact: the apex of *.sharepoint.com is not listed, so the block list applies
    passed = {name for name, server in QUERIES.items() if server == M365}
    assert {name for name, answer in answers(out).items() if answer == ANSWER[M365]} == passed
    assert answers(out)["sharepoint.com"] == "none, code 3"


def test_nrpt_names_are_the_plans(plan: Plan) -> None:
    script = files(plan, "nrpt")["nrpt.ps1"]
    spaces = set(re.findall(r"^    '([^']+)'$", script, re.MULTILINE))
    hosts = {h.text for f in plan.flows if f.direction == "outbound" for h in f.destination.hosts}
    wanted = {h for h in hosts if "*" not in h} | {h[1:] for h in hosts if h.startswith("*.")}
    assert spaces == wanted


def test_observed_names_replace_unsupported_wildcards(plan: Plan) -> None:
    seen = parse_observed("site-cdn.onenote.net 12 2026-11-20\nother.example 3\n")
    zone = files(plan, "bind-rpz", Style(observed=seen))["m365.rpz"]
    assert "site-cdn.onenote.net CNAME rpz-passthru." in zone
    assert "site-cdn" not in files(plan, "bind-rpz")["m365.rpz"]
    losses = [x for x in render(plan, "bind-rpz", Style(observed=seen)).details if str(x.host) == "*cdn.onenote.net"]
    assert [x.kind for x in losses] == ["narrowed"]
    assert "seen 12 times, last on 2026-11-20" in losses[0].subject


def test_every_name_is_forwarded_or_a_loss(plan: Plan) -> None:
    for name in ("dnsmasq", "unbound"):
        text = files(plan, name)["m365.conf"]
        found = re.findall(r'server=/([^/]+)/\d|name: "([^"]+)\."', text)
        alone = set(re.findall(r"server=/\*\.([^/]+)/#", text))
        domains = [one if one in alone or one.startswith("*") else f"*{one or other}" for one, other in found]
        dropped = {x.subject for x in render(plan, name).details if x.kind == "dropped"}
        for each in plan.flows:
            for host in each.destination.hosts if each.direction == "outbound" else ():
                sample = host.text.removeprefix("*.").replace("*", "x")
                ends = [d.removeprefix("*") for d in domains if d.startswith("*") or d == sample]
                assert host.text in dropped or any(f".{sample}".endswith(e) for e in ends), host


def test_a_pattern_that_another_one_covers_is_left_out_and_its_flows_are_not() -> None:
    def to(name: str) -> PlanParty:
        return PlanParty(role="teams", hosts=(HostPattern(name),))

    names = ["*.a.example", "x.y.a.example", "*.z.a.example", "*cdn.b.example", "*.xcdn.b.example", "b.example", "a.example"]
    client = PlanParty(role="client")
    flows = {HostPattern(name): (flow(f"row/6/{n}", client, to(name)),) for n, name in enumerate(names)}
    assert {host.text: {f.id for f in found} for host, found in outermost(flows).items()} == {
        "*.a.example": {"row/6/0", "row/6/1", "row/6/2"},
        "*cdn.b.example": {"row/6/3", "row/6/4"},
        "a.example": {"row/6/6"},
        "b.example": {"row/6/5"},
    }


PROFILE = """[organization]
tenant = "contoso"
email_domains = ["contoso.com", "fabrikam.example"]
clouds = {clouds}
[select]
scenarios = ["dns", "federation-sts"]
[roles]
adfs-proxy = ["203.0.113.40", "2001:db8:e::40", "sts.contoso.com"]
client = ["10.0.0.0/8"]
resolver = ["10.0.0.53"]
"""


@pytest.mark.parametrize("clouds", [["worldwide"], ["china"], ["gcchigh"]])
def test_named_loads_each_zone_and_prints_the_same_records(clouds: list[str], tmp_path: Path) -> None:
    check = need("named-checkzone")
    plan = make_plan(load_catalog(), parse_profile(PROFILE.format(clouds=json.dumps(clouds))))
    rendered = render(plan, "dns-zone")
    assert {a.name for a in rendered.artifacts} == {"contoso.com.zone", "fabrikam.example.zone"}
    lost = {x.subject for x in rendered.details}
    printed: set[tuple[str, str, str]] = set()
    for artifact in rendered.artifacts:
        zone = artifact.name.removesuffix(".zone")
        soa = f"$TTL 60\n{zone}. SOA localhost. root.localhost. 1 1 1 1 1\n{zone}. NS localhost.\n"
        (tmp_path / artifact.name).write_text(soa + artifact.content.decode())
        command: list[str | Path] = [check, "-i", "local", "-D", "-o", tmp_path / "out", zone, tmp_path / artifact.name]
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout
        for line in (tmp_path / "out").read_text().splitlines():
            owner, _, _, kind, data = line.split(None, 4)
            if kind not in ("SOA", "NS"):
                printed.add((owner.rstrip("."), kind, data.strip('"').rstrip(".")))
    wanted = {(r.name, r.type, r.value) for r in plan.records}
    assert printed <= wanted
    assert {f"{name} {kind}" for name, kind, _ in wanted - printed} <= lost
    if "worldwide" in clouds:  # the record is only documented for this cloud
        assert ("sts.contoso.com", "A", "203.0.113.40") in printed
