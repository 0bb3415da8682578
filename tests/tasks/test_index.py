"""The task that compiles the index: fresh now, stale after any change."""

from pathlib import Path

import pytest

from tasks import index


def test_the_index_in_the_tree_is_fresh() -> None:
    assert index.main(["--check"]) == 0


def test_a_stale_index_is_exit_1_and_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stale = tmp_path / "index.json"
    stale.write_text("{}")
    monkeypatch.setattr(index, "INDEX", stale)
    assert index.main(["--check"]) == 1
    assert "run `python tasks/index.py`" in capsys.readouterr().err
    assert stale.read_text() == "{}"
    assert index.main([]) == 0
    assert index.main(["--check"]) == 0


def test_a_missing_index_is_stale(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index, "INDEX", tmp_path / "none.json")
    assert index.main(["--check"]) == 1


def test_other_words_are_exit_2() -> None:
    assert index.main(["--no-such"]) == 2
