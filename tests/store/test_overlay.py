"""Embedded lists replaced by the lists in force."""

from dataclasses import replace
from datetime import date

import pytest

from perimeter365.errors import StoreError
from perimeter365.model.cloud import CLOUDS, Cloud
from perimeter365.model.compiled import compile_catalog
from perimeter365.model.effective import SetDates
from perimeter365.model.ids import SYNTHETIC_ID
from perimeter365.model.lookup import Index
from perimeter365.model.state import State
from perimeter365.sources.embedded import embedded
from perimeter365.store.heads import Head
from perimeter365.store.overlay import overlay, overlay_index, with_states


def head(state: State, **changes: str) -> Head:
    made = {"version": state.version, "origin": "live", "body": state.body, **changes}
    return Head(state.cloud.value, made["version"], False, made["origin"], made["body"])


def test_a_list_in_force_replaces_only_the_embedded_list_of_its_cloud(recorded: tuple[State, ...]) -> None:
    catalog = overlay(embedded(), [head(recorded[0]).read()])
    own = [s for s in catalog.endpoint_sets("worldwide") if s.id < SYNTHETIC_ID]
    assert own == list(recorded[0].sets)
    assert (catalog.versions[Cloud.WORLDWIDE].version, catalog.versions[Cloud.WORLDWIDE].origin) == (
        "2030010600",
        "live",
    )
    for cloud in {*CLOUDS} - {Cloud.WORLDWIDE}:
        assert catalog.endpoint_sets(cloud) == embedded().endpoint_sets(cloud)
        assert catalog.versions[cloud] == embedded().versions[cloud]
    assert catalog.rows == embedded().rows


def test_sets_without_a_number_stay(recorded: tuple[State, ...]) -> None:
    intune = [s for s in embedded().endpoint_sets("worldwide") if s.id >= SYNTHETIC_ID]
    assert intune, "the embedded list no longer has such a set, so the test proves nothing"
    catalog = overlay(embedded(), [head(recorded[0]).read()])
    assert list(catalog.endpoint_sets("worldwide"))[-len(intune) :] == intune


def test_sets_without_a_number_stay_next_to_those_of_a_list_with_their_service_area(recorded: tuple[State, ...]) -> None:
    """Microsoft's page of Intune says that the web service's sets of Intune are incomplete."""
    last = recorded[0].sets[-1]
    own = replace(recorded[0], sets=(*recorded[0].sets[:-1], replace(last, area="intune")))
    intune = tuple(s for s in embedded().endpoint_sets("worldwide") if s.id >= SYNTHETIC_ID)
    catalog = overlay(embedded(), [head(own).read()])
    assert catalog.endpoint_sets("worldwide") == (*own.sets, *intune)


def test_a_set_of_the_list_in_force_precedes_one_with_the_same_synthetic_number(recorded: tuple[State, ...]) -> None:
    first = next(s for s in embedded().endpoint_sets("worldwide") if s.id >= SYNTHETIC_ID)
    own = head(replace(recorded[0], sets=(*recorded[0].sets, replace(first, category="default"))))
    assert overlay(embedded(), [own.read()]).endpoint_set(first.key).category == "default"
    entries = overlay_index(Index.embedded_data(), [own])["entries"]
    assert [e["category"] for e in entries if e["id"] == first.requirement_id] == ["default"]


def test_without_lists_in_force_the_catalog_is_unchanged() -> None:
    assert overlay(embedded(), []) == embedded()
    assert overlay_index(Index.embedded_data(), []) == Index.embedded_data()


def test_a_damaged_list_is_rejected(recorded: tuple[State, ...]) -> None:
    with pytest.raises(StoreError, match="state: 'cloud' is missing"):
        head(recorded[0], body="{}").read()


def test_states_replace_the_lists_of_a_catalog(recorded: tuple[State, ...]) -> None:
    assert with_states(embedded(), recorded[:1]).versions[Cloud.WORLDWIDE].origin == "recorded"


@pytest.mark.parametrize("number", range(5))
def test_the_index_equals_the_index_of_the_catalog(number: int, recorded: tuple[State, ...]) -> None:
    def key(data: dict[str, list[dict[str, object]]]) -> list[dict[str, object]]:
        # a compiled catalog merges adjacent prefixes and groups sets by cloud; neither changes the result of a lookup
        for entry in data["entries"]:
            entry.pop("prefixes", None)
        return sorted(data["entries"], key=lambda e: (str(e["cloud"]), str(e["id"]), str(e["as"])))

    found = [head(recorded[number])]
    quick = overlay_index(Index.embedded_data(), found)
    whole = compile_catalog(overlay(embedded(), [each.read() for each in found]))
    assert quick["versions"] == whole["versions"]
    assert key(quick) == key(whole)


def test_effective_dates_are_passed_on(recorded: tuple[State, ...]) -> None:
    dates = {"worldwide/1": SetDates(former=((recorded[0].sets[0], date(2030, 7, 1)),))}
    assert with_states(embedded(), recorded[:1], dates).dates == dates
    assert with_states(embedded(), recorded[:1]).dates == {}
