"""Change records: upstream's shape, there and back."""

import json
from datetime import date

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model.change import ChangeRecord

# The two records of the example on Microsoft's page of the web service, in full there but for the cut list.
DOCUMENTED = """[
  {"id": 424, "endpointSetId": 32, "disposition": "Change", "version": "2018062700",
   "remove": {"urls": ["*.api.skype.com", "skypegraph.skype.com"]}},
  {"id": 426, "endpointSetId": 31, "disposition": "Change", "version": "2018062700",
   "add": {"effectiveDate": "20180609", "ips": ["51.140.203.190/32"]}}
]"""


def test_what_the_service_documents_comes_back_as_it_was() -> None:
    for item in json.loads(DOCUMENTED):
        made = ChangeRecord.from_dict(item).to_dict()
        assert made == item
        assert list(made) == list(item)


def test_each_addition_has_the_records_day() -> None:
    record = ChangeRecord.from_dict(json.loads(DOCUMENTED)[1])
    assert record.effective_dates == {(31, "51.140.203.190/32"): date(2018, 6, 9)}
    assert ChangeRecord.from_dict(json.loads(DOCUMENTED)[0]).effective_dates == {}


def test_attributes_stand_in_the_services_order() -> None:
    record = ChangeRecord(
        id=1,
        endpoint_set=2,
        disposition="Change",
        version="2030010600",
        previous={"tcpPorts": "443", "expressRoute": False},
        current={"tcpPorts": "80,443", "expressRoute": True},
    )
    assert list(record.to_dict()["previous"]) == ["expressRoute", "tcpPorts"]
    assert record.to_dict()["previous"]["expressRoute"] is False, "false is a value, not an absence"


@pytest.mark.parametrize(("key", "value"), [("disposition", "Swap"), ("version", "2030")])
def test_what_upstream_cannot_write_is_refused(key: str, value: str) -> None:
    made = {"id": 1, "endpoint_set": 2, "disposition": "Add", "version": "2030010600", key: value}
    with pytest.raises(CatalogError, match=value):
        ChangeRecord(**made)  # type: ignore[arg-type]
