"""The output of `render` and `demo` about written files."""

from dataclasses import replace
from pathlib import Path

import pytest

from perimeter365.cli._losses import batch_lines
from perimeter365.cli._rendering import fail_for, fail_for_decisions, report_lines, summary
from perimeter365.errors import EmptyArtifactError, LimitError, LossError, MissingExtraError, OptionError, Perimeter365Error
from perimeter365.plan.plan import PlanWarning
from perimeter365.targets import Artifact, Loss, RenderResult
from perimeter365.targets.many import RenderBatch
from perimeter365.targets.write import WriteReport
from tests.targets.netfilter import by_hand

LOSS = Loss(
    code="wildcard-form",
    level="decide",
    kind="dropped",
    message="because",
    ids=("row/6/x",),
    subjects=("all",),
    clouds=("worldwide",),
)
KNOWN = replace(LOSS, code="family", level="known")
DONE = RenderResult(
    target="a",
    artifacts=(Artifact(name="f", content=b"12345", entries=3),),
    losses=(LOSS, KNOWN, KNOWN),
    outside={"sites": 3, "records": 4},
)
FOLDER = Path("out")
PLAN = by_hand()


def test_the_summary_counts_and_names_failures() -> None:
    made = summary(RenderBatch(rendered=(DONE,), failures={"b": LimitError("too much")}))
    assert made.rows == (("a", "1", "3", "5", "1 to decide, 2 known", "7"), ("b", "0", "0", "0", "failed: P365-LIMIT", ""))


def test_every_part_of_a_report_is_printed() -> None:
    report = WriteReport(written=("a/1",), unchanged=("a/2",), removed=("a/3",), kept=("a/4",), replaced=("a/1",))
    text = "\n".join(report_lines(report, FOLDER, dry_run=False))
    assert "1 written, 1 unchanged, 1 removed" in text
    assert "a/4 is no longer rendered, but was edited by hand; kept" in text
    assert "a/1 was edited by hand; replaced" in text
    assert "1 would be written" in "\n".join(report_lines(report, FOLDER, dry_run=True))


def test_unchanged_files_are_counted() -> None:
    (line,) = report_lines(WriteReport(unchanged=("a/1", "a/2")), FOLDER, dry_run=False)
    assert line == "unchanged: all 2 files in out are up to date"


def test_each_failure_is_one_line_and_each_help_is_given_once(capsys: pytest.CaptureFixture[str]) -> None:
    fail_for(RenderBatch(rendered=(DONE,), failures={}))
    failures = {
        "x": LimitError("x: f needs 5 entries, the limit is 4", help="select less", option="x.entries=5"),
        "y": OptionError("two", help="see y"),
        "z": LimitError("z: g needs 9 rules, the limit is 1", help="select less", option="z.rules=9"),
    }
    with pytest.raises(LimitError, match="z: g needs 9 rules") as caught:
        fail_for(RenderBatch(rendered=(), failures=failures))
    assert capsys.readouterr().err == (
        "error[P365-LIMIT]: x: f needs 5 entries, the limit is 4\nerror[P365-OPTION]: y: two\n"
    )
    assert caught.value.help == "select less, or raise them with --limit x.entries=5 --limit z.rules=9\nsee y"


def test_a_defect_is_raised_rather_than_another_failure() -> None:
    with pytest.raises(Perimeter365Error) as caught:
        fail_for(RenderBatch(rendered=(), failures={"x": Perimeter365Error("bug"), "y": LimitError("two")}))
    assert caught.value.exit_code == 70


def test_one_command_installs_all_missing_extras(capsys: pytest.CaptureFixture[str]) -> None:
    missing = {name: MissingExtraError(f"the target {name}", name, ImportError("none")) for name in ("parquet", "mmdb")}
    with pytest.raises(MissingExtraError) as caught:
        fail_for(RenderBatch(rendered=(DONE,), failures=missing))
    assert caught.value.help == "pip install 'perimeter365[mmdb,parquet]'"
    assert capsys.readouterr().err == "error[P365-EXTRA]: parquet: the target parquet needs the extra 'parquet': none\n"
    with pytest.raises(MissingExtraError) as other:
        fail_for(RenderBatch(rendered=(), failures={"x": LimitError("one", help="select less"), **missing}))
    assert other.value.help == "select less\npip install 'perimeter365[mmdb,parquet]'"


def test_strict_fails_for_decisions_and_for_skipped_targets() -> None:
    left_out = {"mmdb": MissingExtraError("the target mmdb", "mmdb", ImportError("none"))}
    without = PlanWarning(code="extra-needed", id="mmdb", message="no extra")
    fail_for_decisions((), RenderBatch(rendered=(replace(DONE, losses=(KNOWN,)),), failures={}), "there")
    with pytest.raises(LossError) as caught:
        fail_for_decisions((), RenderBatch(rendered=(), failures={}, left_out=left_out, warnings=(without,)), "there")
    assert (caught.value.message, caught.value.help) == ("left out: mmdb", "pip install 'perimeter365[mmdb]'")
    with pytest.raises(LossError) as caught:
        fail_for_decisions((), RenderBatch(rendered=(DONE,), failures={}, left_out=left_out, warnings=(without,)), "there")
    assert caught.value.message == "1 loss to decide: a/wildcard-form; left out: mmdb"
    assert caught.value.help.startswith("see there; to acknowledge one, write [[accept]]")
    warning = PlanWarning(code="role-unset", id="client", message="no address")
    accepted = replace(warning, accepted="not yet")
    fail_for_decisions(replace(PLAN, warnings=(accepted,)).decisions, RenderBatch(rendered=(), failures={}), "there")
    with pytest.raises(LossError) as caught:
        fail_for_decisions(
            replace(PLAN, warnings=(warning, accepted)).decisions, RenderBatch(rendered=(), failures={}), "there"
        )
    assert caught.value.message == "1 decision of the plan: role-unset"


def test_the_batch_ends_with_the_counts_and_begins_with_the_decisions() -> None:
    plan = replace(
        PLAN,
        warnings=(
            PlanWarning(code="role-unset", id="client", message="no address"),
            PlanWarning(code="role-unset", id="sbc", message="no address", accepted="not yet"),
            PlanWarning(code="assumed", id="row/6/x", message="assumed"),
            PlanWarning(code="retired", id="row/6/x", message="ended"),
        ),
    )
    refused = EmptyArtifactError("b: nothing", help="add addresses")
    unused = PlanWarning(code="accept-unused", id="row/6/x", message="[[accept]] a/family row/6/x fits no loss")
    lines = [*batch_lines(plan, RenderBatch(rendered=(DONE,), failures={"b": refused}, warnings=(unused,)))]
    assert lines == [
        "decide  role-unset  client: no address",
        "decide  b  nothing; add addresses",
        "decide  a/wildcard-form  1 requirement dropped: row/6/x",
        "check   accept-unused  [[accept]] a/family row/6/x fits no loss",
        "known   family  1 target, 1 requirement",
        "3 to decide, 2 to check, 4 noted",
    ]
