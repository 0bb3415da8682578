"""`targets`: the list of targets, and the manual page of each."""

import json

import pytest

from perimeter365.cli.targets import KINDS, manual_section
from perimeter365.errors import UnknownNameError
from perimeter365.targets import target, targets
from perimeter365.targets.life import PARTS, STEPS
from perimeter365.targets.target import PROOFS
from tests.cli.conftest import Cli


def test_every_target_is_listed(cli: Cli) -> None:
    assert {line.split()[0] for line in cli("targets").out.splitlines()[2:]} == set(targets)
    assert [t["name"] for t in json.loads(cli("targets", "--json").out)] == list(targets)


@pytest.mark.parametrize("name", list(targets))
def test_a_manual_page_is_complete(cli: Cli, name: str) -> None:
    target = targets[name]
    out = cli("targets", name).out
    assert out.startswith(f"{name}: {target.title}\n")
    assert target.vendor_page in out
    assert PROOFS[target.proof] in out
    for key in (*target.limits, *target.options):
        assert f"  {key}" in out
    assert json.loads(cli("targets", name, "--json").out)["name"] == name


def test_an_unknown_target_gets_the_nearest_one(cli: Cli) -> None:
    assert "did you mean 'nftables'?" in cli("targets", "nftable").err


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_can_be_of_one_kind_and_brief(cli: Cli, kind: str) -> None:
    expected = {name for name in targets if targets[name].kind == kind}
    assert {line.split()[0] for line in cli("targets", "--kind", kind).out.splitlines()[2:]} == expected
    title, columns, *lines = cli("targets", "--kind", kind, "--brief").out.splitlines()
    assert (title, columns.split()) == (f"Targets ({len(expected)})", ["name", "makes"])
    assert [tuple(line.split(None, 1)) for line in lines] == [(name, targets[name].title) for name in sorted(expected)]
    assert max(map(len, lines)) <= 80
    assert {t["name"] for t in json.loads(cli("targets", "--kind", kind, "--json").out)} == expected


def test_the_kinds_are_those_of_the_targets() -> None:
    assert target.KINDS == KINDS


def test_a_section_of_a_manual_page_is_printed_alone(cli: Cli) -> None:
    page = cli("targets", "pac").out
    heads = (
        "Output:",
        "Supported:",
        "Not supported:",
        "Install (",
        "Update (",
        "Remove (",
        "Life (",
        "Supports:",
        "Proof:",
        "Limits (",
        "Options (",
    )
    for word in ("Output", "supported", "not supported", "install", "UPDATE", "options", "limits", "proof", "life"):
        part = cli("targets", "pac", "--section", word).out
        assert part.rstrip() in page
        assert [line for line in part.splitlines() if line.startswith(heads)] == [part.splitlines()[0]]
        assert part.lower().startswith(word.lower())
    ran = cli("targets", "pac", "--section", "optoins")
    assert (ran.code, "did you mean 'options'?" in ran.err) == (2, True)
    assert cli("targets", "--section", "options").code == 2
    assert cli("targets", "pac", "--brief").code == 2


@pytest.mark.parametrize("name", list(targets))
def test_the_sections_of_every_target_are_the_parts_of_its_manual(name: str) -> None:
    target = targets[name]()
    assert target.manual
    for part in ("install", "update", "remove"):
        first, *rest = manual_section(targets[name], part).splitlines()
        if part == "update" and not target.manual.update:
            assert first == "Update: as install, with the new files."
        else:
            assert first == f"{PARTS[part]} ({target.manual.where}):"
        commands = target.commands(part) if part != "update" or target.manual.update else ()
        changes = target.commands("changes") if part == "update" else ()
        since = [f"Update with --since ({target.manual.where}):"] if changes else []
        assert [line.strip() for line in rest if line] == [*commands, *since, *changes]
    life = manual_section(targets[name], "life").splitlines()
    assert [line.split()[0] for line in life] == ["Life", *STEPS]


def test_a_sentence_with_a_colon_starts_no_section() -> None:
    assert "these are for all clients." in manual_section(targets["unbound"], "not supported")
    with pytest.raises(UnknownNameError):
        manual_section(targets["unbound"], "views")
