"""Every case of a faulty upstream, over HTTP or TLS into a real store, with all promises.

The cases are those of tests.upstream, so every new case is tested here. `make test` plays two cases of each family of the
registry, and `make wide` the others; the client and the readers are tested with every case in tests/sources and tests/wire.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from perimeter365.errors import RateLimitedError, TlsInterceptedError, UpstreamDataError
from perimeter365.follow.watch import health_problems, watch
from perimeter365.history.sync import FAILED, HELD, sync
from perimeter365.sources.embedded import embedded
from perimeter365.store.store import Store
from tests.reliability import registry
from tests.reliability.promises import W
from tests.reliability.scene import NEWS, PREPARED, Stage
from tests.sweep import sweep
from tests.upstream.answers import CASES, TOLERATED
from tests.upstream.bodies import FAULTY_BODIES, honest
from tests.upstream.tls import TLS

SET: Mapping[str, Callable[[Stage], None]] = {
    # its list is the previous one
    "mix-new-version-old-list": lambda stage: stage.faulty.lists.update({W: honest(W)}),
}
"""Case -> additional preparation."""

BAD = [*(name for name in CASES if name not in TOLERATED and name != "version-rewritten"), *FAULTY_BODIES]
FAMILIES: dict[str, list[str]] = {}
for name in (*BAD, *sorted(TOLERATED), *TLS):
    FAMILIES.setdefault(registry.family_of(name).what, []).append(name)
SHARP = {name for names in FAMILIES.values() for name in names[:2]} | {
    *("prefix-private", "prefix-everything-ipv6", "prefix-halves-in-one-set", "prefix-parts-over-sets"),
    *("host-homoglyph", "host-crlf", "duplicate-urls", "nan", "empty-list", "field-urls-is-null", "version-null"),
}


@pytest.mark.parametrize("case", sweep(BAD, SHARP.__contains__))
def test_a_fault_of_upstream_keeps_the_last_good_list(stage: Stage, case: str) -> None:
    stage.faulty.case = case
    if case in SET:
        SET[case](stage)
    played = stage.play()
    assert played.problems() == []
    assert (played.outcome.status, played.outcome.exit_code) == (FAILED, 3)


@pytest.mark.parametrize("case", sweep(sorted(TOLERATED), SHARP.__contains__))
def test_a_tolerated_case_is_committed(stage: Stage, case: str) -> None:
    stage.faulty.case = case
    played = stage.play()
    assert played.problems(good=True) == []
    (row,) = [
        row
        for row in played.after.dump["p365_versions"]
        if (row["cloud"], row["version"]) == (W.value, stage.faulty.version)
    ]
    (body,) = [s["body"] for s in played.after.dump["p365_states"] if s["hash"] == row["hash"]]
    assert NEWS in body


@pytest.mark.parametrize("way", sweep([name for name, each in TLS.items() if not each.tolerated], SHARP.__contains__))
def test_a_tls_failure_keeps_the_last_good_list(template: Path, folder: Path, way: str) -> None:
    with Stage(template, folder, tls_way=way) as stage:
        played = stage.play()
        assert played.problems() == []
        assert (played.outcome.status, played.outcome.exit_code) == (FAILED, 3)
        if way in ("tls-expired", "tls-wrong-name", "tls-self-signed", "tls-unknown-authority", "tls-intercepted"):
            assert isinstance(played.outcome.error, TlsInterceptedError)


@pytest.mark.parametrize("way", [name for name, each in TLS.items() if each.tolerated])
def test_a_list_over_valid_tls_is_committed(template: Path, folder: Path, way: str) -> None:
    with Stage(template, folder, tls_way=way) as stage:
        assert stage.play().problems(good=True) == []


def test_version_rewritten(stage: Stage) -> None:
    """A changed list with a published version is detected within a day and held."""
    stage.faulty.case, stage.faulty.version = "version-rewritten", PREPARED
    stage.faulty.lists[W] = honest(W)
    assert stage.play().problems(quiet=True) == []
    stage.go_on(days=1)
    played = stage.play()
    assert played.problems() == []
    assert played.outcome.status == HELD


def test_version_freeze_is_no_alarm_and_ends(stage: Stage) -> None:
    """Upstream without changes is normal for months; later changes are committed."""
    stage.faulty.case = "version-freeze"
    assert stage.play().problems(good=True) == []
    again = stage.play()
    assert (again.outcome.status, again.outcome.exit_code) == ("unchanged", 0)


def test_the_next_round_respects_a_rate_limit(stage: Stage) -> None:
    stage.faulty.case = "429-a-day"
    played = stage.play()
    assert isinstance(played.outcome.error, RateLimitedError)
    assert played.outcome.error.retry_after == 86400


def test_the_first_start_with_upstream_down_is_reported(stage: Stage) -> None:
    """Store case `empty start with upstream down`: only the embedded list, and no success is reported."""
    Path(stage.place).unlink()
    stage.health.unlink()
    stage.faulty.case = "503"
    with Store(stage.place, clock=lambda: stage.now) as store:
        (outcome,) = watch(
            lambda: sync(store, stage.services()[W], [W], base=embedded()), stage.health, rounds=1, clock=lambda: stage.now
        )
        assert (outcome.status, outcome.exit_code) == (FAILED, 3)
        assert (store.versions(), store.in_force(), store.pending(), store.held()) == ((), (), (), ())
    assert health_problems(stage.health, stage.now + timedelta(minutes=1)) == ("worldwide: never synced",)


def test_the_same_scene_without_the_fault_is_committed(stage: Stage) -> None:
    """Without the fault, the same scene is committed, and the error names the fault."""
    stage.faulty.case = "host-star-com"
    refused = stage.play()
    assert isinstance(refused.outcome.error, UpstreamDataError)
    assert "*.com" in refused.outcome.error.message
    stage.faulty.case = "honest"
    stage.go_on(hours=1)
    assert stage.play().outcome.status == "committed"
