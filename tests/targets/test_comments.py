"""Comments: names in any script stay legible where the format allows it, and never become syntax."""

import os
import subprocess
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import parse_profile
from perimeter365.sources.load import read_catalog
from perimeter365.targets import Style, render, targets
from perimeter365.targets.target import one_line
from tests.consumers import isolated, need
from tests.targets.netfilter import restoring
from tests.targets.test_target import BREAKS, SYNTAX
from tests.targets.values import example_options

NAME = "Müller Ökonomie 株式会社 Київ"
UTF_8 = [name for name in targets if targets[name].comments == "utf-8"]
PROFILE = """
[organization]
clouds = ["worldwide"]
email_domains = ["contoso.com"]

[select]
service_areas = ["exchange"]
scenarios = ["dns"]

[roles]
client = ["10.0.0.0/8", "2001:db8::/32"]
"""


@pytest.fixture(scope="module")
def plan() -> Plan:
    return replace(make_plan(read_catalog("embedded"), parse_profile(PROFILE)), organization=NAME)


def written(plan: Plan, target: str, folder: Path) -> list[Path]:
    options = {"header": "on"} if "header" in targets[target].options else {}
    paths = []
    for artifact in render(plan, target, Style(options=example_options(target) | dict(options))).artifacts:
        paths.append(folder / artifact.name)
        paths[-1].parent.mkdir(parents=True, exist_ok=True)
        paths[-1].write_bytes(artifact.content)
    return paths


@pytest.mark.parametrize("target", UTF_8)
def test_a_name_in_any_script_is_legible(plan: Plan, target: str, tmp_path: Path) -> None:
    assert [path for path in written(plan, target, tmp_path) if NAME.encode() in path.read_bytes()]


PROGRAMS: dict[str, Sequence[str]] = {
    "nftables": ("nft", "-c", "-f", "perimeter365.nft"),
    "iptables": ("sh", "-c", restoring("iptables", "rules.v4")),
    "ipset": ("ipset", "restore", "-file", "perimeter365.ipset"),
    "bind-rpz": ("named-checkzone", "-q", "rpz.example", "m365.rpz"),
    "dns-zone": ("named-checkzone", "-q", "contoso.com", "whole.zone"),
    "unbound": ("unbound-checkconf", "m365.conf"),
    "dnsmasq": ("dnsmasq", "--test", "-C", "m365.conf"),
    "squid": ("squid", "-k", "parse", "-f", "whole.conf"),
    "bird": ("bird", "-p", "-c", "whole.conf"),
    "frr": ("vtysh", "-C", "-f", "m365.conf"),
    "openvpn": ("openvpn", "--config", "client.conf", "--show-ciphers"),
}
"""The program that reads a file, in the folder of the target."""

AROUND = {
    "dns-zone": ("whole.zone", "$TTL 60\n@ SOA ns h 1 1 1 1 1\n@ NS ns\nns A 192.0.2.1\n$INCLUDE contoso.com.zone\n"),
    "squid": ("whole.conf", "http_port 127.0.0.1:3128\ninclude {}/m365.conf\n"),
    "bird": ("whole.conf", 'router id 192.0.2.1;\ninclude "m365.conf";\n'),
}
"""The file that a user includes ours in."""


@pytest.mark.parametrize("target", PROGRAMS)
def test_the_program_accepts_the_comments_in_any_locale(plan: Plan, target: str, tmp_path: Path) -> None:
    program, *words = PROGRAMS[target]
    need("namespaces")
    command = isolated(program if program == "sh" else need(program), *words)
    written(plan, target, tmp_path)
    if target in AROUND:
        name, text = AROUND[target]
        (tmp_path / name).write_text(text.format(tmp_path))
    environment = {**os.environ, "LC_ALL": "C"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_only_letters_marks_and_numbers_are_kept() -> None:
    # all characters of the basic plane: U+037E becomes `;` and U+1FEF a backtick when normalized
    for number in (*range(0xD800), *range(0xE000, 0x10000)):
        made = one_line(chr(number), "utf-8")
        for character in made:
            category, direction = unicodedata.category(character), unicodedata.bidirectional(character)
            assert (character.isascii() and character.isprintable()) or category[0] in "LMN", ascii(character)
            assert direction not in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"), ascii(character)
            assert character not in "<>\"'`\\$%{}"


@pytest.mark.parametrize("syntax", [s for s in [*SYNTAX, *BREAKS] if s != "é"], ids=ascii)
def test_no_name_ends_a_comment_in_utf_8_either(syntax: str) -> None:
    made = one_line(f"Müller {syntax} x", "utf-8")
    assert syntax not in made
    assert made.startswith("Müller ")
    assert made.isprintable()


@pytest.mark.parametrize("hidden", ["\u200b", "\u3164", "\ufe0f", "\u115f", "\u034f", "\ufeff", "\u00ad"], ids=ascii)
def test_invisible_characters_are_replaced(hidden: str) -> None:
    assert one_line(f"ü{hidden}", "utf-8") == "ü?"


def test_marks_do_not_pile_up() -> None:
    assert one_line("e" + "\u0301" * 50, "utf-8") == "é\u0301\u0301?"


def test_the_other_formats_stay_ascii(plan: Plan) -> None:
    assert one_line(NAME).isascii()
    for target in ("cisco-asa", "cisco-ios", "pac", "windows-firewall", "trusted-sites-reg", "mikrotik"):
        for artifact in render(plan, target, Style(options=example_options(target))).artifacts:
            encoding = "utf-16" if artifact.content[:2] == b"\xff\xfe" else "utf-8"
            assert artifact.content.decode(encoding).isascii(), target
