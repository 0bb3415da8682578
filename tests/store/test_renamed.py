"""The name of the cloud in a list in canonical form."""

import pytest

from perimeter365.model.cloud import Cloud
from perimeter365.model.state import State, read_body
from perimeter365.model.version import Version
from perimeter365.store.renamed import renamed
from tests.model.samples import endpoint_set


def test_only_the_name_of_the_cloud_changes() -> None:
    state = State(
        cloud=Cloud.GERMANY, version=Version("2026010100"), origin="live", sets=(endpoint_set(cloud=Cloud.GERMANY),)
    )
    cloud, sets = read_body(renamed(state.body, "germany-2021"))
    assert cloud is Cloud.GERMANY_2021
    assert [s.hosts for s in sets] == [s.hosts for s in state.sets]
    assert renamed(renamed(state.body, "germany-2021"), "germany") == state.body


@pytest.mark.parametrize("text", ["", "{}", '{"sets":[]}', '{"cloud":"germany', ' {"cloud":"germany","sets":[]}'])
def test_other_text_is_unchanged(text: str) -> None:
    assert renamed(text, "germany-2021") == text
