"""Differences between plans, as sentences."""

from dataclasses import replace

from perimeter365.history.words import PlanDiff, compare_for_profile, compare_plans
from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State
from perimeter365.model.version import Version
from perimeter365.plan.make import make_plan
from perimeter365.plan.profile import Profile
from perimeter365.sources.embedded import embedded
from perimeter365.store.overlay import with_states
from tests.history import oracle
from tests.history.test_diff import states


def meaning(old: State, new: State, **changes: object) -> PlanDiff:
    profile = Profile(clouds=(Cloud.WORLDWIDE,), **changes)  # type: ignore[arg-type]
    return compare_for_profile(profile, embedded(), [old], [new])


def test_every_kind_of_change_is_a_sentence(recorded: tuple[State, ...]) -> None:
    found = meaning(recorded[2], recorded[3])
    assert "changes UDP ports of Teams media (ws/worldwide/11) from 3478-3481 to 3478-3481,50000" in found.sentences
    added = "1 name and 1 prefix, *.files.example.com, 131.107.2.64/26"
    assert f"adds SharePoint and OneDrive (ws/worldwide/90) on TCP 443: {added}" in found.sentences
    what = "Microsoft 365 common and Office (ws/worldwide/56)"
    assert f"closes 1 prefix for {what}: 131.107.2.0/28" in found.sentences
    assert f"changes category of {what} from allow to default" in found.sentences
    assert f"changes required status of {what} from yes to no" in found.sentences
    assert f"changes TLS inspection of {what} from off to unset" in found.sentences


def test_additions_and_removals_are_sentences(recorded: tuple[State, ...]) -> None:
    found = meaning(recorded[0], recorded[2])
    assert found.sentences == (
        "opens 1 name for Exchange Online (ws/worldwide/1): cdn.example.net",
        "opens 1 prefix for Teams media (ws/worldwide/11): 131.107.113.192/26",
        "closes 1 name for Microsoft 365 common and Office (ws/worldwide/56): cdn.example.net (still listed in worldwide/1)",
        "removes Microsoft 365 common and Office (ws/worldwide/72): 1 name, *.old.example.net",
    ), "two halves that were merged are no change"


def test_another_order_is_no_difference(recorded: tuple[State, ...]) -> None:
    found = meaning(recorded[0], recorded[1])
    assert not found
    assert found.sentences == ()


def test_what_the_profile_does_not_select_is_not_spoken_of(recorded: tuple[State, ...]) -> None:
    found = meaning(recorded[2], recorded[3], service_areas=("sharepoint",))
    assert [change.flow.id for change in found.flows] == ["ws/worldwide/90"]


def test_rows_that_point_at_a_changed_set_are_named(recorded: tuple[State, ...]) -> None:
    # The sources of row 6 are the addresses of set 1, Exchange Online.
    merged = replace(recorded[0].sets[0], listed=("131.107.100.0/24", "2001:4898:1::/48"))
    other = replace(recorded[0], sets=(merged, *recorded[0].sets[1:]))
    assert other.hash != recorded[0].hash
    found = meaning(recorded[0], other, service_areas=(), scenarios=("mailbox-migration",))
    assert not found, "set 1 lists the same addresses as other prefixes"
    more = tuple(s for s in recorded[0].sets if s.id != 1)
    gone = State(cloud=Cloud.WORLDWIDE, version=Version("2030060100"), origin="live", sets=more)
    found = meaning(recorded[0], gone, service_areas=(), scenarios=("mailbox-migration",))
    assert found.rows == (6,)
    assert found.sentences[-1] == "affects row 6 (mailbox-migration)"
    assert any("worldwide/1 is not in the list any more" in sentence for sentence in found.sentences)


def test_the_real_swap_of_2023_opens_half_of_a_prefix() -> None:
    real = {s.version: s for s in states(oracle.reference("history"))}
    found = meaning(real[Version("2023080600")], real[Version("2023090300")])
    # 2603:1063::/39 was widened to ::/38 in sets 11, 12, 13 and 22, so its second half is new.
    assert [str(p) for change in found.flows for p in change.opened] == ["2603:1063:200::/39"] * 4
    assert not any(change.closed for change in found.flows)
    assert "opens 1 prefix for Teams media (ws/worldwide/11): 2603:1063:200::/39" in found.sentences


def test_the_json_matches(recorded: tuple[State, ...]) -> None:
    found = meaning(recorded[0], recorded[2])
    made = found.to_dict()
    assert made["sentences"] == list(found.sentences)
    assert made["rows"] == []
    teams = next(flow for flow in made["flows"] if flow["id"] == "ws/worldwide/11")
    assert teams == {
        "id": "ws/worldwide/11",
        "cloud": "worldwide",
        "row": None,
        "disposition": "change",
        "opened": ["131.107.113.192/26"],
        "closed": [],
        "added_hosts": [],
        "removed_hosts": [],
        "ours_added": [],
        "ours_removed": [],
        "attributes": {},
    }
    common = next(flow for flow in made["flows"] if flow["id"] == "ws/worldwide/56")
    assert common["removed_hosts"] == ["cdn.example.net"]
    assert common["still"] == [
        {
            "kind": "host",
            "value": "cdn.example.net",
            "state": "listed",
            "by": [{"value": "cdn.example.net", "sets": ["worldwide/1"]}],
        }
    ]


def test_two_plans_of_one_list_have_no_notes(recorded: tuple[State, ...]) -> None:
    catalog = with_states(embedded(), [recorded[0]])
    whole, required = (make_plan(catalog, Profile(clouds=(Cloud.WORLDWIDE,), required_only=only)) for only in (False, True))
    assert not any("still" in sentence for sentence in compare_plans(whole, required).sentences)
