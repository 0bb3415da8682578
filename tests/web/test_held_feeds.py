"""The emptied lists for a person: what the commands list, admit and refuse."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from perimeter365.errors import InputError
from perimeter365.store.store import Store
from perimeter365.web.edition import Edition, load_edition
from perimeter365.web.held_feeds import admit_feed, held_feeds, question_of
from perimeter365.workspace import Workspace
from tests.web.feed_store import DAY, history, serving, sets, without

TEXT = "/feeds/text/worldwide-teams-outbound-optimize-ip.txt"
NOW = datetime(2026, 1, 10, 9, tzinfo=UTC)


def edition(store: Path) -> Edition:
    return load_edition(Workspace(store=store), day=DAY)


def test_what_waits_is_what_the_manifests_say(tmp_path: Path) -> None:
    store = history(tmp_path / "s.sqlite", sets(), without("teams"))
    manifest = serving(store).get("/feeds/manifest.json").json
    waiting = {f["url"] for each in manifest["targets"] for f in each["files"] if f["state"] == "emptied"}
    assert {each.path for each in held_feeds(edition(store))} == waiting
    assert len(waiting) > 8
    (one,) = held_feeds(edition(store), [f"{TEXT.upper().replace('/FEEDS', '/feeds')}?cloud=WORLDWIDE"])
    assert one.to_dict() == {
        "path": f"{TEXT}?cloud=worldwide",
        "state": "emptied",
        "last": "worldwide 2025010100",
        "entries": 3,
        "admitted": None,
    }
    assert not held_feeds(edition(history(tmp_path / "t.sqlite", sets(), sets()[:-1])))


def test_an_admission_is_of_an_emptied_list_once(tmp_path: Path) -> None:
    store = history(tmp_path / "s.sqlite", sets(), without("teams"))
    with Store(str(store)) as opened:
        assert admit_feed(edition(store), opened, TEXT, NOW).path == f"{TEXT}?cloud=worldwide"
        with pytest.raises(InputError, match="is not emptied"):
            admit_feed(edition(store), opened, TEXT, NOW)
        with pytest.raises(InputError, match="has 2 emptied lists"):  # the IPv4 and IPv6 ones
            admit_feed(edition(store), opened, "/feeds/text", NOW)
        with pytest.raises(InputError, match="is not emptied"):
            admit_feed(edition(store), opened, TEXT.replace("teams", "exchange"), NOW)
    (one,) = held_feeds(edition(store), [TEXT])
    assert (one.state, one.to_dict()["admitted"]) == ("closed", NOW.isoformat())


@pytest.mark.parametrize(
    "path", ["", "/", "/version", "feeds/nftables", "/feeds/text?x=1", "/p", "/feeds/%00", "/" + "x" * 9999]
)
def test_what_is_no_path_of_a_feed_is_refused(path: str) -> None:
    with pytest.raises(InputError) as caught:
        question_of(path)
    assert len(str(caught.value)) < 1500


def test_a_url_is_the_path_of_a_list() -> None:
    assert (
        question_of(f"https://mirror.example:8443{TEXT}.sha256?cloud=worldwide").path("x") == "/feeds/text/x?cloud=worldwide"
    )
