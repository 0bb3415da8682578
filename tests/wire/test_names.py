"""The key tables agree with each other and with the model."""

from perimeter365.model.area import AREAS as OUR_AREAS
from perimeter365.model.requirement import CATEGORIES as OUR_CATEGORIES
from perimeter365.wire import read
from perimeter365.wire.names import (
    AREA_NAMES,
    AREAS,
    ATTRIBUTES,
    CATEGORIES,
    CHANGE_RECORD,
    ENDPOINT_SET,
    ENTRIES,
    VERSION,
)


def test_each_area_and_category_has_a_name_of_the_service() -> None:
    assert tuple(AREAS) == OUR_AREAS
    assert set(CATEGORIES) == set(OUR_CATEGORIES) - {"none"}
    assert set(AREA_NAMES) == set(AREAS.values()) - {"MEM"}


def test_a_key_has_the_same_type_in_all_tables() -> None:
    tables = (ENDPOINT_SET, VERSION, CHANGE_RECORD, ENTRIES)
    for key in {key for table in tables for key in table}:
        assert len({table[key] for table in tables if key in table}) == 1, key


def test_read_and_write_have_the_same_keys() -> None:
    assert list(read._ENDPOINT_SET) == list(ENDPOINT_SET)
    assert set(read._CHANGE_RECORD) == set(CHANGE_RECORD)


def test_attributes_are_keys_of_an_endpoint_set() -> None:
    assert set(ATTRIBUTES) < set(ENDPOINT_SET)
