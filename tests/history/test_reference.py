"""References to lists, the arguments of `diff`."""

from pathlib import Path

import pytest

from perimeter365.errors import InputError, StoreError, UnknownNameError
from perimeter365.history.reference import is_file, state, states
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from tests.history.oracle import SERIES

WORLDWIDE = Cloud.WORLDWIDE
FIRST = str(SERIES / "001-2030-01-06.json")
CHINA = str(SERIES / "China" / "2030020100.json")


def test_a_file_needs_no_store() -> None:
    ((found,),) = states([FIRST], None)
    assert (found.cloud, found.version) == (WORLDWIDE, "2030010600")
    ((found,),) = states([CHINA], None)
    assert (found.cloud, found.version) == (Cloud.CHINA, "2030020100")


def test_a_file_that_names_no_cloud_is_of_the_one_asked_for() -> None:
    ((found,),) = states([FIRST], None, [Cloud.DOD])
    assert found.cloud is Cloud.DOD


def test_a_file_of_any_name_can_be_compared(tmp_path: Path) -> None:
    path = tmp_path / "mine.json"
    path.write_text(Path(FIRST).read_text("utf-8"), "utf-8")
    assert state(str(path), None, WORLDWIDE).version == "0000000000"


def test_without_a_store_the_embedded_list_is_in_force() -> None:
    (pair,) = states(["head", "embedded"], None, [WORLDWIDE])
    assert pair[0] == pair[1]
    assert pair[0].version == embedded().versions[WORLDWIDE].version
    assert len(states(["head"], None)) == len(embedded().versions)


def test_a_version_without_a_store_is_an_error_with_help() -> None:
    with pytest.raises(StoreError, match="'2030010600' needs a store, and there is none") as caught:
        states(["2030010600"], None)
    assert "import history" in caught.value.help


def test_the_list_in_force_and_the_newest_differ_while_one_is_pinned(store: Store, recorded: tuple[State, ...]) -> None:
    store.commit(recorded[0])
    store.commit(recorded[2])
    store.pin(WORLDWIDE, recorded[0].version)
    (found,) = states(["head", "newest", "2030010600"], store, [WORLDWIDE])
    assert [s.version for s in found] == ["2030010600", "2030030300", "2030010600"]


def test_without_a_cloud_each_that_has_both_is_meant(store: Store, recorded: tuple[State, ...]) -> None:
    store.add(recorded)
    assert [pair[0].cloud for pair in states(["2030010600", "2030-03-03"], store)] == [WORLDWIDE]
    with pytest.raises(UnknownNameError, match="'2030010601' is not a version of worldwide"):
        states(["2030010600", "2030010601"], store)
    with pytest.raises(UnknownNameError, match="of china"):
        states(["2030010600", "2030-03-03"], store, [Cloud.CHINA])
    with pytest.raises(UnknownNameError, match="cloud that was synced"):
        states(["newest"], store)


@pytest.mark.parametrize("text", ["a/b", "b.json", "B.JSON", ".\\b.txt"])
def test_a_reference_with_a_slash_or_json_suffix_is_a_path(text: str) -> None:
    assert is_file(text)
    with pytest.raises(InputError, match="the file does not exist"):
        state(text, None, WORLDWIDE)
