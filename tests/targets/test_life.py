"""Manuals and tables of the targets' lives: what the page, the head of a file and the description say."""

import json
from pathlib import Path

import pytest

from perimeter365.plan.plan import Plan
from perimeter365.targets import Style, render, targets
from perimeter365.targets.life import PARTS, STEPS, Manual, does_not_apply, life_lines, manual_lines, model, program, tried
from perimeter365.targets.since import load_kept
from perimeter365.targets.target import Artifact, RenderResult
from perimeter365.targets.write import MANIFEST, write
from tests.targets.cases import CASES, plan

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


def test_kept_numbers_are_in_the_manifest_and_read_again(tmp_path: Path) -> None:
    name = next(name for name, cls in targets.items() if cls.keeps)
    made = RenderResult(
        target=name,
        artifacts=(Artifact(name="a.txt", content=b"a", entries=1),),
        kept={"policy a/b_1.txt": 7, "serial": 2026080201},
    )
    assert load_kept(tmp_path, targets[name]) == {}
    write([made], tmp_path)
    assert load_kept(tmp_path, targets[name]) == {"policy a/b_1.txt": 7, "serial": 2026080201}
    assert load_kept(tmp_path, targets["csv"]) == {}


@pytest.mark.parametrize("kept", [[], {"a": -1}, {"a": "1"}, {"a": True}, {"a": 1.5}])
def test_damaged_numbers_are_an_error_with_the_place(tmp_path: Path, kept: object) -> None:
    from perimeter365.errors import InputError

    name = next(name for name, cls in targets.items() if cls.keeps)
    (tmp_path / name).mkdir()
    (tmp_path / name / MANIFEST).write_text(json.dumps({"files": {}, "kept": kept}))
    with pytest.raises(InputError, match=r"perimeter365\.json"):
        load_kept(tmp_path, targets[name])
