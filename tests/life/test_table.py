"""The table of the targets' lives says what the tests of this folder try, no more and no less."""

from importlib import import_module
from pathlib import Path

import pytest

from perimeter365.targets import targets
from perimeter365.targets.life import PARTS, STEPS
from tests.life import CELLS

for _path in sorted(Path(__file__).parent.glob("test_*.py")):
    if _path != Path(__file__):
        import_module(f"tests.life.{_path.stem}")

NOT_TRIED: dict[str, str] = {}
"""Target -> why some of its steps are not tried."""


@pytest.mark.parametrize("name", targets)
def test_the_table_is_what_the_tests_try(name: str) -> None:
    said = {step for step, trial in targets[name].tried.items() if trial.kind != "none"}
    assert said == {step for target, step in CELLS if target == name}


def test_tests_name_existing_targets_and_steps() -> None:
    assert {target for target, _ in CELLS} <= set(targets)
    assert {step for _, step in CELLS} <= set(STEPS)


@pytest.mark.parametrize("name", targets)
def test_proof_agrees_with_the_table(name: str) -> None:
    cls = targets[name]
    if cls.tried:
        kinds = {trial.kind for trial in cls.tried.values()}
        assert (cls.proof == "consumer") == ("program" in kinds), "`consumer` needs a step that was tried with the program"


@pytest.mark.parametrize("name", [name for name, cls in targets.items() if cls.manual])
def test_the_words_of_a_manual_are_known(name: str) -> None:
    target = targets[name]()
    for part in PARTS:
        for line in target.commands(part):
            assert line.isascii()
            assert line == line.strip()
            assert len(line) <= (700 if "refused: " in line else 200), "a line with its guards is longer"
    assert target.commands("install")
    assert target.commands("remove")


@pytest.mark.parametrize("name", targets)
def test_every_step_is_tried_or_does_not_apply(name: str) -> None:
    missing = sorted(set(STEPS) - set(targets[name].tried))
    assert bool(missing) == (name in NOT_TRIED), missing
    assert targets[name].manual is not None
