"""Routes and split tunnels, loaded with the real programs.

The expectation comes from the instance files, read with Python's own json and ipaddress.
"""

import json
import re
import subprocess
from collections.abc import Iterable
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network
from pathlib import Path
from xml.etree import ElementTree

import pytest

from perimeter365 import load_catalog, load_profile, make_plan, render
from perimeter365.errors import OptionError
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.targets import Style, targets
from tests.consumers import isolated, need
from tests.targets.values import example_options

ROOT = Path(__file__).parents[3]
EXAMPLE = ROOT / "examples" / "contoso.toml"
NAMES = ("linux-routes", "bird", "frr", "openvpn", "wireguard", "windows-vpnv2", "anyconnect", "globalprotect")
TWO_FAMILIES = tuple(name for name in NAMES if name != "openvpn")


def collapsed(networks: Iterable[IPv4Network | IPv6Network], version: int) -> list[IPv4Network] | list[IPv6Network]:
    """The networks of one version, joined."""
    if version == 4:
        return list(collapse_addresses(n for n in networks if isinstance(n, IPv4Network)))
    return list(collapse_addresses(n for n in networks if isinstance(n, IPv6Network)))


def listed(cloud: str, categories: tuple[str, ...] = ("optimize",)) -> dict[int, set[str]]:
    """The addresses of a cloud's four usual service areas, collapsed, by family."""
    import perimeter365

    facts = Path(perimeter365.__file__).parent / "facts" / "instances" / f"{cloud}.json"
    sets = [s for s in json.loads(facts.read_text())["sets"] if s["area"] != "intune" and s["category"] in categories]
    found = {ip_network(p) for s in sets for p in s.get("prefixes", ())}
    return {v: {str(p) for p in collapsed(found, v)} for v in (4, 6)}


def profile(cloud: str) -> str:
    return f'[organization]\nclouds = ["{cloud}"]\n[roles]\nclient = ["10.0.0.0/8"]\n'


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(load_catalog(), load_profile(EXAMPLE))


def files(plan: Plan, name: str, **options: str) -> dict[str, str]:
    made = render(plan, name, Style(options={**example_options(name), **options})).artifacts
    return {a.name: a.content.decode() for a in made}


def read_back(name: str, texts: dict[str, str]) -> set[str]:
    """The prefixes in a target's main file, read with the vendor's syntax."""
    if name == "linux-routes":
        found = re.findall(r"^route replace (\S+)", texts["routes4.batch"] + texts["routes6.batch"], re.MULTILINE)
        return {str(ip_network(p)) for p in found}
    if name == "bird":
        return set(re.findall(r"^\troute (\S+) via", texts["m365.conf"], re.MULTILINE))
    if name == "frr":
        return set(re.findall(r"^ip(?:v6)? route (\S+)", texts["m365.conf"], re.MULTILINE))
    if name == "openvpn":
        pairs = re.findall(r'^push "route (\S+) (\S+) net_gateway"$', texts["push.conf"], re.MULTILINE)
        return {str(ip_network(f"{a}/{m}")) for a, m in pairs}
    if name == "windows-vpnv2":
        root = ElementTree.fromstring(texts["profile-routes.xml"])
        assert all(r.findtext("ExclusionRoute") == "true" for r in root.iter("Route"))
        return {f"{r.findtext('Address')}/{r.findtext('PrefixSize')}" for r in root.iter("Route")}
    if name == "anyconnect":
        lines = re.findall(r"^access-list \S+ extended permit ip (.*)$", texts["split-exclude.cfg"], re.MULTILINE)
        four = {str(ip_network("/".join(x.split()[:2]))) for x in lines if x.endswith(" any4")}
        return four | {x.split()[0] for x in lines if x.endswith(" any6")}
    if name == "globalprotect":
        return set(re.findall(r"exclude-access-route (\S+)$", texts["split-tunnel.txt"], re.MULTILINE))
    line = re.search(r"^AllowedIPs = (.*) # m365$", texts["allowed-ips.conf"], re.MULTILINE)
    return set(line.group(1).split(", ")) if line else set()


@pytest.mark.parametrize("cloud", ["worldwide", "gcchigh", "dod", "china"])
@pytest.mark.parametrize("name", NAMES)
def test_the_routes_are_the_optimize_addresses_of_the_web_service(name: str, cloud: str) -> None:
    texts = files(make_plan(load_catalog(), parse_profile(profile(cloud))), name)
    wanted = listed(cloud)
    if name == "wireguard":
        inside = {ip_network(p) for p in read_back(name, texts)}
        for version in (4, 6):
            mine = [p for p in inside if p.version == version]
            outside = [ip_network(p) for p in wanted[version]]
            outside += [ip_network("198.51.100.7")] if version == 4 else []  # the server
            whole = ip_network("0.0.0.0/0" if version == 4 else "::/0")
            assert collapsed([*mine, *outside], version) == [whole]
            assert sum(p.num_addresses for p in [*mine, *outside]) == whole.num_addresses
    else:
        assert read_back(name, texts) == wanted[4] | (wanted[6] if name in TWO_FAMILIES else set())


@pytest.mark.parametrize("name", [n for n in NAMES if n != "wireguard"])
def test_more_categories_route_more(plan: Plan, name: str) -> None:
    one, two = (read_back(name, files(plan, name, categories=c)) for c in ("optimize", "optimize-allow"))
    assert len(two) > len(one) > 0


@pytest.mark.parametrize("name", NAMES)
def test_every_flow_without_a_route_is_a_loss(plan: Plan, name: str) -> None:
    made = render(plan, name, Style(options=example_options(name)))
    lost = {loss.id for loss in made.details if loss.kind == "dropped"}
    outside = {f.id for f in plan.flows if not made.report.includes(f)}
    routed = {f.id for f in plan.flows if f.category == "optimize" and f.destination.prefixes}
    assert lost | outside == {f.id for f in plan.flows} - routed
    assert outside == {f.id for f in plan.flows if f.direction != "outbound" or f.category != "optimize"}


def test_openvpn_reports_that_ipv6_stays_in_the_tunnel(plan: Plan) -> None:
    narrowed = {loss.id for loss in render(plan, "openvpn").details if loss.kind == "narrowed"}
    six = {f.id for f in plan.flows if f.category == "optimize" and f.destination.prefixes.bounds(6)}
    assert narrowed == six
    assert six


@pytest.mark.parametrize("name", NAMES)
def test_an_empty_plan_routes_nothing(name: str) -> None:
    empty = parse_profile('[organization]\nclouds = ["worldwide"]\n[select]\nservice_areas = []\n')
    texts = files(make_plan(load_catalog(), empty), name)
    routed = read_back(name, texts)
    assert routed == ({"0.0.0.0/0", "::/0"} if name == "wireguard" else set())


@pytest.mark.parametrize("name", ["linux-routes", "bird", "frr"])
def test_a_next_hop_has_the_form_in_which_routers_print_it(plan: Plan, name: str) -> None:
    text = "".join(files(plan, name, gateway6="2001:0DB8::00A1").values())
    assert text.count(" 2001:db8::a1") > 10
    assert "DB8" not in text
    with pytest.raises(OptionError):
        targets[name](Style(options={"gateway6": "fe80::1"}))


@pytest.mark.parametrize("value", ["x", "192.0.2.1/32", "2001:db8::1", "192.0.2.1; rm", ""])
@pytest.mark.parametrize("name", ["linux-routes", "bird", "frr"])
def test_a_next_hop_that_is_not_an_address_is_rejected(name: str, value: str) -> None:
    with pytest.raises(OptionError):
        targets[name](Style(options={"gateway4": value}))


def test_globalprotect_rejects_more_routes_than_a_gateway_supports(plan: Plan) -> None:
    with pytest.raises(Exception, match="the limit is 10"):
        render(plan, "globalprotect", Style(options=example_options("globalprotect"), limits={"routes": 10}))


def run(script: str, **environment: str) -> str:
    """Run a shell script in a network namespace with one uplink and its gateways."""
    uplink = (
        "set -e; ip link set lo up; ip link add d0 type veth peer name d1; ip link set d1 up;"
        "ip addr add 192.0.2.5/24 dev d0; ip -6 addr add 2001:db8:9::5/64 dev d0 nodad; ip link set d0 up;"
        "ip route add default via 192.0.2.1; ip -6 route add default via 2001:db8:9::1;"
    )
    command = isolated("bash", "-c", uplink + script)
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=60, env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"} | environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_bird_parses_a_configuration_that_includes_the_file(plan: Plan, tmp_path: Path) -> None:
    bird = need("bird")
    (tmp_path / "m365.conf").write_text(files(plan, "bird")["m365.conf"])
    main = tmp_path / "bird.conf"
    main.write_text(f'router id 192.0.2.9;\nprotocol device {{}}\ninclude "{tmp_path}/m365.conf";\n')
    assert subprocess.run([bird, "-p", "-c", main], capture_output=True, timeout=30).returncode == 0
    (tmp_path / "m365.conf").write_text(files(plan, "bird")["m365.conf"].replace(" via 192.0.2.1;", " vai;", 1))
    assert subprocess.run([bird, "-p", "-c", main], capture_output=True, timeout=30).returncode != 0


def test_vtysh_accepts_every_line(plan: Plan, tmp_path: Path) -> None:
    vtysh = need("vtysh")
    path = tmp_path / "frr.conf"
    for text in files(plan, "frr").values():
        path.write_text(text)
        done = subprocess.run([vtysh, "-C", "-f", path], capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stdout + done.stderr
    path.write_text("ip route 192.0.2.0/24 nonsense nonsense\n")
    assert subprocess.run([vtysh, "-C", "-f", path], capture_output=True, timeout=30).returncode != 0


def test_openvpn_routes_outside_its_tunnel(plan: Plan, tmp_path: Path) -> None:
    openvpn = need("openvpn")
    need("namespaces")
    (tmp_path / "client.conf").write_text(files(plan, "openvpn")["client.conf"])
    shown = run(
        f"cd {tmp_path}; {openvpn} --genkey secret key;"
        f"timeout 20 {openvpn} --dev tun0 --ifconfig 10.8.0.1 10.8.0.2 --secret key --cipher AES-256-CBC --nobind "
        "--remote 192.0.2.9 1194 --redirect-gateway def1 --config client.conf > log 2>&1 & pid=$!;"
        "for i in $(seq 100); do grep -q 'Initialization Sequence' log && break; ip -4 route | grep -q 'via 192.0.2.1' "
        "&& [ $(ip -4 route | wc -l) -gt 10 ] && break; sleep 0.1; done; sleep 0.3;"
        "ip -4 -o route; echo ---; ip route get 52.112.0.5; ip route get 9.9.9.9; kill $pid; wait $pid || true"
    )
    table, gotten = shown.split("---\n")
    past = {str(ip_network(p)) for p in re.findall(r"^(\S+) via 192\.0\.2\.1 ", table, re.MULTILINE) if p != "default"}
    assert past - {"192.0.2.9/32"} == listed("worldwide")[4]
    assert "52.112.0.5 via 192.0.2.1" in gotten
    assert re.search(r"9\.9\.9\.9 via \S+ dev tun0", gotten)
