"""ipset: the kernel accepts the files, and the sets have the plan's addresses."""

import ipaddress
import re
import subprocess
from pathlib import Path

import pytest

from perimeter365.errors import LimitError
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render
from tests.consumers import isolated, need
from tests.targets.netfilter import (
    CASES,
    HOSTILE,
    STYLES,
    alone,
    by_hand,
    case,
    files,
    flow,
    need_iptables,
    party,
    restoring,
)


@pytest.fixture(scope="module", autouse=True)
def _ipset() -> None:
    need("ipset")
    done = subprocess.run(isolated("ipset", "create", "probe", "hash:net"), capture_output=True, text=True, timeout=60)
    if done.returncode:
        pytest.skip(f"this kernel has no sets of networks: {done.stderr.strip()}")


def script(folder: Path, made: dict[str, str], kind: str, *more: str) -> str:
    """Shell commands that load the files, and further commands."""
    for name, text in made.items():
        (folder / name).write_text(text)
    loads = [f"ipset restore -file {folder}/perimeter365.ipset"]
    loads += [restoring(f"ip{six}tables-{kind}", f"{folder}/rules.v{n}") for six, n in (("", 4), ("6", 6))]
    return " && ".join(["mount -t tmpfs tmpfs /run", *loads, *more])


def saved(text: str) -> dict[str, set[str]]:
    """`ipset save` as sets of networks, collapsed."""
    held: dict[str, list[str]] = {name: [] for name in re.findall(r"^create (\S+)", text, re.MULTILINE)}
    for name, member in re.findall(r"^add (\S+) (\S+)", text, re.MULTILINE):
        held[name].append(member)
    return {name: collapsed(members) for name, members in held.items()}


def collapsed(members: list[str]) -> set[str]:
    networks = [ipaddress.ip_network(member) for member in members]
    return {str(n) for n in ipaddress.collapse_addresses(networks)}  # type: ignore[type-var]


@pytest.mark.parametrize("kind", ["nft", "legacy"])
@pytest.mark.parametrize("name", CASES)
def test_the_kernel_accepts_the_sets_and_the_rules(name: str, kind: str, tmp_path: Path) -> None:
    need_iptables(kind)
    alone("sh", "-c", script(tmp_path, files(case(name), "ipset"), kind), text="")


@pytest.mark.parametrize("options", STYLES, ids=str)
def test_the_kernel_accepts_every_option(options: dict[str, str], tmp_path: Path) -> None:
    need_iptables("nft")
    alone("sh", "-c", script(tmp_path, files(case("contoso"), "ipset", **options), "nft"), text="")


@pytest.mark.parametrize("name", ["contoso", "everything-worldwide", "everything-china", "ipv6-off", "awkward"])
def test_each_set_has_the_addresses_of_an_end_of_the_plan(name: str, tmp_path: Path) -> None:
    (tmp_path / "sets").write_text(files(case(name), "ipset")["perimeter365.ipset"])
    held = saved(alone("sh", "-c", f"ipset restore -file {tmp_path}/sets && ipset save", text=""))
    ends = [end for item in case(name).to_dict()["flows"] for end in (item["source"], item["destination"])]
    wanted = [collapsed([p for p in end["prefixes"] if (":" in p) == six]) for end in ends for six in (False, True)]
    assert len(held) > 5
    assert all(len(set_name) <= 31 for set_name in held)
    for set_name, members in held.items():
        assert members in wanted, set_name
        assert all((":" in member) == ("-v6-" in set_name) for member in members)


def test_a_set_can_be_tested_for_an_address(tmp_path: Path) -> None:
    text = files(case("contoso"), "ipset")["perimeter365.ipset"]
    (tmp_path / "sets").write_text(text)

    def holds(start: str, address: str) -> bool:
        (set_name,) = set(re.findall(rf"{start}-\w+", text))
        command = f"ipset restore -file {tmp_path}/sets && ipset -q test {set_name} {address}"
        return subprocess.run(isolated("sh", "-c", command), capture_output=True, timeout=60).returncode == 0

    assert holds("m365-ws-worldwide-11-v4", "52.112.0.5")
    assert not holds("m365-ws-worldwide-11-v4", "52.111.255.255")
    assert holds("m365-ws-worldwide-11-v6", "2603:1063::5")
    assert not holds("m365-ws-worldwide-11-v6", "2603:1067::")


def test_a_second_load_changes_nothing_and_a_new_plan_fills_sets_anew(tmp_path: Path) -> None:
    one, other = files(case("contoso"), "ipset"), files(case("awkward"), "ipset")
    (tmp_path / "one").write_text(one["perimeter365.ipset"])
    (tmp_path / "other").write_text(other["perimeter365.ipset"])
    theirs = "create office hash:net\nadd office 192.0.2.0/24\n"

    def after(*names: str) -> dict[str, set[str]]:
        loads = "".join(f" && ipset restore -file {tmp_path}/{name}" for name in names)
        return saved(alone("sh", "-c", f"ipset restore{loads} && ipset save", text=theirs))

    assert after("one", "one") == after("one")
    both, second = after("one", "other"), after("other")
    assert {name: both[name] for name in second} == second
    assert both["office"] == {"192.0.2.0/24"}
    assert not any("fresh" in name for name in both)


def test_a_set_of_too_many_entries_is_rejected_and_the_limit_can_be_raised(tmp_path: Path) -> None:
    with pytest.raises(LimitError, match=r"m365-.* needs .* elements, the limit is 5"):
        render(case("contoso"), "ipset", Style(limits={"elements": 5}))
    more = render(case("contoso"), "ipset", Style(limits={"elements": 100_000}))
    text = more.artifacts[0].content.decode()
    assert "maxelem 100000" in text
    (tmp_path / "sets").write_text(text)
    alone("sh", "-c", f"ipset restore -file {tmp_path}/sets", text="")


@pytest.mark.parametrize("hostile", HOSTILE, ids=range(len(HOSTILE)))
def test_no_name_of_an_organization_becomes_a_command(hostile: str, tmp_path: Path) -> None:
    def made(organization: str) -> dict[str, str]:
        ends = party("exchange-online", "40.96.0.0/13"), party("mrs-proxy", "203.0.113.10")
        plan: Plan = by_hand(flow("row/6/mrs", *ends, tcp="443"), organization=organization)
        return files(plan, "ipset")

    need_iptables("nft")
    good, bad = made("Contoso"), made(hostile)
    assert {name: text.splitlines()[1:] for name, text in good.items()} == {
        name: text.splitlines()[1:] for name, text in bad.items()
    }
    alone("sh", "-c", script(tmp_path, bad, "nft"), text="")
