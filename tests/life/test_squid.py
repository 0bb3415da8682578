"""The life of the rules of squid, and what an adversary's DNS makes of them."""

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.errors import EmptyArtifactError
from perimeter365.model.host import HostPattern
from perimeter365.plan.plan import PlanFlow, PlanParty
from perimeter365.targets import Style, targets
from tests.consumers import need
from tests.life import tries
from tests.life.names import (  # noqa: F401
    BASE,
    test_a_removal_that_was_interrupted_is_finished_later,
    test_after_each_line_what_both_versions_have_passes,
    test_each_line_is_needed,
    test_each_version_replaces_the_last_one,
    test_lines_that_refuse_change_nothing_if_they_are_pasted,
    test_the_names_of_the_example_pass_and_all_else_is_as_before,
    test_two_organizations_share_a_server,
)
from tests.life.servers import NEIGHBOR, Server, Squid
from tests.targets.netfilter import by_hand, flow, party


@pytest.fixture
def kind() -> type[Server]:
    return Squid


FAULTS = Path(__file__).parent / "faults" / "squid"
HOSTILE = ("198.51.100.9", "198.51.100.11")
"""Addresses of an adversary, whose PTR records have an exact name of the plan, and a name below a wildcard."""
CLIENT = party("client", "127.0.0.0/8")


def to_names(id: str, *names: str, tcp: str = "443", path: tuple[str, ...] = ()) -> PlanFlow:
    found = tuple(map(HostPattern, names))
    end = PlanParty(role="exchange-online", hosts=found, unaddressed=found)
    return replace(flow(f"row/6/{id}", CLIENT, end, tcp=tcp), path=path)


def test_an_address_does_not_pass_by_the_name_that_its_owner_gives_it(tmp_path: Path) -> None:
    with Squid(tmp_path) as server:
        server.load(BASE)
        assert server.passes([*HOSTILE, "only.example", "a.wide.example"]) == {"only.example", "a.wide.example"}
        (server.out / "m365.conf").write_bytes((FAULTS / "m365.conf").read_bytes())
        server.follow("update")
        assert server.passes(HOSTILE) == set(HOSTILE), "the fault of earlier versions"


def test_a_name_of_another_is_no_name_of_the_plan(tmp_path: Path) -> None:
    """An alias of a planned name, and a name that also has an address of the plan, are the adversary's names."""
    with Squid(tmp_path) as server:
        by_address = flow("row/6/by-address", CLIENT, party("exchange-online", "198.51.100.200/32"), tcp="443")
        server.load(by_hand(*BASE.flows, by_address))
        asked = ["alias.example", "mixed.example", "198.51.100.200", "198.51.100.201", "200.100.51.198", "3325256904"]
        assert server.passes(asked) == {"198.51.100.200", "3325256904"}, "two notations of the address of the plan"


def test_plain_http_has_the_paths_of_the_plan_and_no_tunnel(tmp_path: Path) -> None:
    both = to_names("both", "both.example", tcp="80,443")
    probe = to_names("probe", "probe.example", tcp="80", path=("/connecttest.txt", "/sub/*"))
    crl = to_names("crl", "crl.example", tcp="80,443", path=("/pki",))
    wanted = {
        "GET http://both.example/any": True,
        "CONNECT both.example:443": True,
        "CONNECT both.example:80": False,
        "GET http://probe.example/connecttest.txt": True,
        "GET http://PROBE.example/connecttest.txt": True,
        "GET http://probe.example/sub/x": True,
        "GET http://probe.example/connecttest.txtx": False,
        "GET http://probe.example/connecttestxtxt": False,
        "GET http://probe.example/x/connecttest.txt": False,
        "GET http://probe.example/": False,
        "GET http://probe.example:443/connecttest.txt": False,
        "CONNECT probe.example:80": False,
        "CONNECT probe.example:443": False,
        "GET http://crl.example/pki": True,
        "GET http://crl.example/other": False,
        "CONNECT crl.example:443": True,
    }
    with Squid(tmp_path) as server:
        server.load(by_hand(both, probe, crl))
        assert {request: code != "403" for request, code in server.codes(wanted).items()} == wanted


def test_a_tunnel_to_another_port_needs_it_in_the_administrators_list(tmp_path: Path) -> None:
    push = to_names("push", "push.example", tcp="443,5223,5228-5230")
    with Squid(tmp_path) as server:
        server.load(by_hand(push))
        assert "# Tunnels also need these ports in SSL_ports: 5223 5228-5230" in (server.out / "m365.conf").read_text()
        asked = [f"CONNECT push.example:{port}" for port in (443, 5223, 5229, 22)]
        passed = [request for request, code in server.codes(asked).items() if code != "403"]
        assert passed == asked[:2], "squid.conf of the test has 443 and 5223"


@pytest.mark.parametrize("ports", ["25", "143,587,993,995", "25,443"])
def test_mail_is_no_matter_of_a_web_proxy(ports: str) -> None:
    result = targets["squid"](Style()).render(by_hand(to_names("mail", "mail.example", tcp=ports)))
    text = result.artifacts[0].content.decode()
    assert [(d.code, d.kind) for d in result.details] == [("web-ports", "narrowed" if "443" in ports else "dropped")]
    assert not re.search(r"port (25|143|587|993|995)\b", text)
    assert ("port 443" in text) == ("443" in ports)


@pytest.mark.parametrize("prefix", ["", "fabrikam"])
def test_names_of_acls_have_the_length_that_squid_accepts(prefix: str, tmp_path: Path) -> None:
    long = "a-very-long-name-of-a-requirement-" * 3
    flows = [to_names(f"{long}{n}", f"n{n}.example", tcp="80,443", path=("/a",)) for n in range(12)]
    text = targets["squid"](Style(options={"prefix": prefix})).render(by_hand(*flows)).artifacts[0].content
    (tmp_path / "m365.conf").write_bytes(text)
    names = set(re.findall(r"^acl (\S+)-to ", text.decode(), re.MULTILINE))
    assert len(names) == len(flows)
    assert max(len(name) for name in re.findall(r"^acl (\S+)", text.decode(), re.MULTILINE)) <= 62
    command: list[str | Path] = [need("squid"), "-k", "parse", "-f", tmp_path / "m365.conf"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not re.search(r"WARNING|ERROR|FATAL", done.stderr), done.stderr[:1000]
    assert done.returncode == 0


@tries("squid", "neighbors", "empty")
def test_a_final_refusal_shuts_out_later_rules_and_says_so(tmp_path: Path) -> None:
    with Squid(tmp_path) as server:
        server.write("etc/squid/conf.d/z.conf", "acl later dstdomain -n later.example\nhttp_access allow later\n")
        server.load(BASE, "install")
        assert server.passes(["only.example", "later.example"]) == {"only.example", "later.example"}
        server.load(BASE, refuse="yes")
        assert server.passes(["only.example", "later.example", NEIGHBOR]) == {"only.example"}
        assert "# Besides: refuses every other request" in (server.out / "m365.conf").read_text()
        with pytest.raises(EmptyArtifactError):
            server.render(by_hand(), refuse="yes")
