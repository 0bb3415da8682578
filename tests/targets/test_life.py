"""Manuals and tables of the targets' lives: what the page, the head of a file and the description say."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.errors import InputError
from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render, targets
from perimeter365.targets.life import PARTS, STEPS, Manual, does_not_apply, life_lines, manual_lines, model, program, tried
from perimeter365.targets.since import load_kept, merge_kept
from perimeter365.targets.target import Artifact, RenderResult
from perimeter365.targets.write import MANIFEST, write
from tests.targets.cases import CASES, made, plan

MANUAL = Manual(
    where="a shell",
    install=("check FILE", "load FILE"),
    changes=("load CHANGES",),
    remove=("unload {name}",),
    besides="refuses the rest",
)


def test_a_manual_lists_its_parts_in_order_and_an_update_as_install() -> None:
    parts = {part: MANUAL.lines(part) for part in PARTS}
    assert parts["update"] == parts["install"]
    assert list(manual_lines(MANUAL, parts, MANUAL.besides)) == [
        *("Install (a shell):", "", "    check FILE", "    load FILE", ""),
        *("Update: as install, with the new files.", ""),
        *("Update with --since (a shell):", "", "    load CHANGES", ""),
        *("Remove (a shell):", "", "    unload {name}", ""),
        "Besides: refuses the rest",
    ]


def test_a_table_says_of_each_step_how_it_was_tried() -> None:
    table = tried(program("nft 1.0.6"), "install") | tried(model("IOS"), "grow") | tried(does_not_apply("no copies"), "back")
    said = dict(line.split(None, 1) for line in life_lines(table))
    assert list(said) == list(STEPS)
    assert (said["install"], said["grow"]) == ("tried with nft 1.0.6", "tried with a model of IOS")
    assert (said["back"], said["again"]) == ("does not apply: no copies", "not tried")


def head(which: Plan, name: str) -> str:
    return "\n".join(line for line in render(which, name).artifacts[0].content.decode().splitlines() if line.startswith("#"))


@pytest.mark.parametrize("case", CASES)
def test_a_file_says_how_many_requirements_are_not_in_it(case: str) -> None:
    made = targets["nftables"](Style(allow_empty=True)).render(plan(case))
    text = made.artifacts[0].content.decode()
    outside = {(f.id, str(f.cloud)) for f in plan(case).flows}
    gone = {(x.id, x.cloud) for x in made.report.details if x.whole}
    line = next(line for line in text.splitlines() if "requirements" in line)
    if gone:
        assert line.startswith(f"# Not in it: {len(gone)} of {len(outside)} requirements")
    else:
        assert "Not in it: " not in line


def test_the_first_lines_have_the_commands_of_the_manual_and_the_first_step() -> None:
    target = targets["nftables"](Style(options={"prefix": "fabrikam"}))
    text = target.render(plan("small")).artifacts[0].content.decode()
    for line in target.commands("install"):
        assert f"\n#   {line}\n" in text
    assert "# Besides: refuses every other connection" in text
    assert "# First: " in text
    assert any("perimeter365fabrikam" in line for line in target.commands("remove"))


KEEPING = [name for name, cls in targets.items() if cls.keeps]


def test_kept_numbers_are_in_the_manifest_and_read_again(tmp_path: Path) -> None:
    kept = {"content": 7, "serial": 2026080201}
    made = RenderResult(target="bind-rpz", artifacts=(Artifact(name="a.txt", content=b"a", entries=1),), kept=kept)
    assert load_kept(tmp_path, targets["bind-rpz"]) == {}
    write([made], tmp_path)
    assert load_kept(tmp_path, targets["bind-rpz"]) == kept
    assert load_kept(tmp_path, targets["csv"]) == {}


@pytest.mark.parametrize("kept", [[], {"a": -1}, {"a": "1"}, {"a": True}, {"a": 1.5}])
def test_damaged_numbers_are_an_error_with_the_place(tmp_path: Path, kept: object) -> None:
    name = "bind-rpz"
    (tmp_path / name).mkdir()
    (tmp_path / name / MANIFEST).write_text(json.dumps({"files": {}, "kept": kept}))
    with pytest.raises(InputError, match=r"perimeter365\.json"):
        load_kept(tmp_path, targets[name])


@pytest.mark.parametrize("case", ["small", "all-scenarios", "china"])
@pytest.mark.parametrize("name", KEEPING)
def test_what_a_target_keeps_has_the_form_that_it_declares(tmp_path: Path, name: str, case: str) -> None:
    if rendered := made(case, name):
        write([rendered], tmp_path)
        assert load_kept(tmp_path, targets[name]) == dict(rendered.kept)


HOSTILE = (
    "../x.txt",
    "/etc/x.txt",
    "a\nb.txt",
    "a\x1b[0m.txt",
    "index.txt",
    "losses.json",
    "plan.json",
    "x" * 600,
    "admin-group.class",
    "HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\Run SecurityHealth",
    'HKEY_LOCAL_MACHINE\\SYSTEM" /f & calc.exe & rem " x',
    "Computer Software\\Policies\\Microsoft\\Windows Defender DisableAntiSpyware",
    "",
)
"""Names that an edited manifest could have: they would become paths, commands or other objects."""
PRINTABLE = {"cisco-ios": set(HOSTILE) - {"a\nb.txt", "a\x1b[0m.txt", "x" * 600, ""}}
"""What can be an entry of an access list: a name that is not one of the plan has no effect."""


@pytest.mark.parametrize("name", KEEPING)
def test_a_manifest_cannot_name_what_a_target_does_not_write(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    files = {"azure-nsg", "fortigate"} & {name}
    for word in HOSTILE:
        if word in PRINTABLE.get(name, ()) or (files and word.endswith((".json", ".class", "index.txt"))):
            continue
        (tmp_path / name / MANIFEST).write_text(json.dumps({"files": {}, "kept": {word: 0}}))
        with pytest.raises(InputError, match="is not a name of a number") as caught:
            load_kept(tmp_path, targets[name])
        assert "\x1b" not in str(caught.value)


@pytest.mark.parametrize("name", [name for name in KEEPING if targets[name].kept_unique])
def test_two_names_cannot_keep_one_number(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / MANIFEST).write_text(json.dumps({"files": {}, "kept": {"m365-a": 1000, "m365-b": 1000}}))
    with pytest.raises(InputError, match="same number"):
        load_kept(tmp_path, targets[name])


def test_a_number_beyond_the_range_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "azure-nsg").mkdir()
    (tmp_path / "azure-nsg" / MANIFEST).write_text(json.dumps({"files": {}, "kept": {"m365-a": 5000}}))
    with pytest.raises(InputError, match="larger than 4096"):
        load_kept(tmp_path, targets["azure-nsg"])


def test_the_numbers_of_two_folders_are_merged_so_that_none_is_given_twice() -> None:
    rpz, feed = targets["bind-rpz"], targets["fortigate-feed"]
    assert merge_kept(rpz, {"serial": 5, "content": 1}, {"serial": 6, "content": 2}) == {"serial": 6}
    assert merge_kept(rpz, {"serial": 6, "content": 2}, {"serial": 6, "content": 2}) == {"serial": 6, "content": 2}
    assert merge_kept(feed, {"a.txt": 0}, {"b.txt": 1}) == {"a.txt": 0, "b.txt": 1}
    assert merge_kept(targets["azure-nsg"], {"a": 1000}, {"b": 1000}) == {"a": 1000}


def test_a_name_of_an_organization_is_not_replaced_by_the_count(tmp_path: Path) -> None:
    text = made("small", "nftables")
    assert text is not None
    named = replace(plan("small"), organization="@LEFT-OUT@ LEFT-OUT")
    for name in ("nftables", "azure-nsg", "trusted-sites-reg"):
        for artifact in targets[name](Style(allow_empty=True)).render(named).artifacts:
            assert b"\x01" not in artifact.content
            assert b"u0001" not in artifact.content
            assert "for Not in it" not in artifact.content.decode("utf-8", "replace")
