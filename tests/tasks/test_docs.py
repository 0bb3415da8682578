"""The task that makes the reference: stale pages are noticed, what is left over goes, and no text can break a table."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from tasks import docs


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An output folder of its own, in place of docs/."""
    monkeypatch.setattr(docs, "DOCS", tmp_path)
    monkeypatch.setattr(docs, "REFERENCE", tmp_path / "reference")
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    monkeypatch.setattr(docs, "picture", lambda: "<svg/>")
    monkeypatch.setattr(docs, "written_by_hand", list)
    return tmp_path


def test_a_stale_or_missing_page_is_exit_1(elsewhere: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert docs.main(["--check"]) == 1
    assert not list(elsewhere.rglob("*.md"))
    assert docs.main([]) == 0
    assert docs.main(["--check"]) == 0
    (elsewhere / "reference" / "rows.md").write_text("changed")
    assert docs.main(["--check"]) == 1
    assert "rows.md is stale" in capsys.readouterr().err


def test_a_page_of_what_is_gone_is_removed_but_never_one_by_hand(elsewhere: Path) -> None:
    docs.main([])
    gone, mine = elsewhere / "reference" / "targets" / "gone.md", elsewhere / "reference" / "mine.md"
    gone.write_text(docs.MADE)
    mine.write_text("# Mine\n")
    assert docs.main(["--check"]) == 1
    assert docs.main([]) == 0
    assert (gone.exists(), mine.exists()) == (False, True)


def test_the_same_things_make_the_same_pages() -> None:
    assert docs.pages() == docs.pages()


def test_a_profile_key_without_a_sentence_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(docs.KEYS, "select.no_such", "?")
    with pytest.raises(ValueError, match="no_such"):
        docs.pages()


def test_text_is_shown_as_it_is() -> None:
    html = pytest.importorskip("markdown_it").MarkdownIt().render(docs._escape("*a* _b_ <c> [d](e) `*f*` ~g~ #h"))
    assert html == "<p>*a* _b_ &lt;c&gt; [d](e) <code>*f*</code> ~g~ #h</p>\n"


def test_a_bar_stays_in_its_cell() -> None:
    assert list(docs._table(("a",), [("x|y",)])) == ["| a |", "| --- |", "| x\\|y |"]


def test_the_timeline_is_drawn_where_the_recorded_lists_are_and_left_alone_elsewhere(tmp_path: Path) -> None:
    assert docs.timeline(tmp_path / "none") == {}
    series = Path(__file__).parents[1] / "history" / "data" / "series"
    (name, text), *_ = docs.timeline(series).items()
    assert name == "timeline.svg"
    assert "5 versions, 2030-01-06 to 2030-05-05" in text
    ElementTree.fromstring(text)
