"""Every case of a bad upstream, over HTTP or TLS into a real store, with all promises beside it.

The cases are the lying upstream's own tables: one that is added there is tried here.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from perimeter365.errors import RateLimitedError, TlsInterceptedError, UpstreamDataError
from perimeter365.follow.watch import problems, watch
from perimeter365.history.sync import FAILED, HELD, sync
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from tests.reliability.promises import W
from tests.reliability.scene import NEWS, PREPARED, Stage
from tests.upstream.answers import BORNE, CASES
from tests.upstream.bodies import LIES, honest
from tests.upstream.tls import TLS

SET: Mapping[str, Callable[[Stage], None]] = {
    # its list is the one of before
    "mix-new-version-old-list": lambda stage: stage.lying.lists.update({W: honest(W)}),
}
"""What a case needs besides its name."""

BAD = [name for name in CASES if name not in BORNE and name != "version-rewritten"]


@pytest.mark.parametrize("case", [*BAD, *LIES])
def test_a_fault_of_upstream_leaves_the_last_good_list(stage: Stage, case: str) -> None:
    stage.lying.case = case
    if case in SET:
        SET[case](stage)
    played = stage.play()
    assert played.problems() == []
    assert (played.outcome.status, played.outcome.exit_code) == (FAILED, 3)


@pytest.mark.parametrize("case", sorted(BORNE))
def test_what_is_borne_is_committed(stage: Stage, case: str) -> None:
    stage.lying.case = case
    played = stage.play()
    assert played.problems(good=True) == []
    (row,) = [
        row for row in played.after.dump["p365_versions"] if (row["cloud"], row["version"]) == (W.value, stage.lying.version)
    ]
    (body,) = [s["body"] for s in played.after.dump["p365_states"] if s["hash"] == row["hash"]]
    assert NEWS in body


@pytest.mark.parametrize("way", [name for name, each in TLS.items() if not each.borne])
def test_a_failure_of_tls_leaves_the_last_good_list(template: Path, folder: Path, way: str) -> None:
    with Stage(template, folder, tls_way=way) as stage:
        played = stage.play()
        assert played.problems() == []
        assert (played.outcome.status, played.outcome.exit_code) == (FAILED, 3)
        if way in ("tls-expired", "tls-wrong-name", "tls-self-signed", "tls-unknown-authority", "tls-intercepted"):
            assert isinstance(played.outcome.error, TlsInterceptedError)


@pytest.mark.parametrize("way", [name for name, each in TLS.items() if each.borne])
def test_honest_tls_is_committed(template: Path, folder: Path, way: str) -> None:
    with Stage(template, folder, tls_way=way) as stage:
        assert stage.play().problems(good=True) == []


def test_version_rewritten(stage: Stage) -> None:
    """Another list under a version that was published is seen at the latest a day later, and waits for a person."""
    stage.lying.case, stage.lying.version = "version-rewritten", PREPARED
    stage.lying.lists[W] = honest(W)
    assert stage.play().problems(quiet=True) == []
    stage.go_on(days=1)
    played = stage.play()
    assert played.problems() == []
    assert played.outcome.status == HELD


def test_version_freeze_is_silence_and_thaws(stage: Stage) -> None:
    """Upstream that stands still is honest for months; when it goes on, nothing of it stuck."""
    stage.lying.case = "version-freeze"
    assert stage.play().problems(good=True) == []
    again = stage.play()
    assert (again.outcome.status, again.outcome.exit_code) == ("unchanged", 0)


def test_rate_limits_are_kept_by_the_next_round(stage: Stage) -> None:
    stage.lying.case = "429-a-day"
    played = stage.play()
    assert isinstance(played.outcome.error, RateLimitedError)
    assert played.outcome.error.retry_after == 86400


def test_the_first_start_with_upstream_down_says_so_and_makes_nothing_up(stage: Stage) -> None:
    """Store case `empty start with upstream down`: no list but the embedded one, and no success to be read anywhere."""
    Path(stage.place).unlink()
    stage.health.unlink()
    stage.lying.case = "503"
    with Store(stage.place, clock=lambda: stage.now) as store:
        (outcome,) = watch(
            lambda: sync(store, stage.services()[W], [W], base=embedded()), stage.health, rounds=1, clock=lambda: stage.now
        )
        assert (outcome.status, outcome.exit_code) == (FAILED, 3)
        assert (store.versions(), store.in_force(), store.pending(), store.held()) == ((), (), (), ())
    assert problems(stage.health, stage.now + timedelta(minutes=1)) == ("worldwide: never synced",)


def test_nobody_is_taken_at_another_word(stage: Stage) -> None:
    """The oracle of the cases: the same scene without a lie commits, and the error of a lie is about the lie."""
    stage.lying.case = "host-star-com"
    refused = stage.play()
    assert isinstance(refused.outcome.error, UpstreamDataError)
    assert "*.com" in refused.outcome.error.message
    stage.lying.case = "honest"
    stage.go_on(hours=1)
    assert stage.play().outcome.status == "committed"
