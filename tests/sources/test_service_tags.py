"""Azure's service tags."""

import json
from pathlib import Path

import pytest

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.sources.service_tags import matters, parse, read

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "service-tags"


def body(**changes: object) -> bytes:
    value = {"name": "Storage", "properties": {"region": "", "addressPrefixes": ["52.239.0.0/16"]}}
    return json.dumps({"cloud": "Public", "changeNumber": 1, "values": [value | changes]}).encode()


def test_all_four_clouds_are_read_with_the_tags_that_matter() -> None:
    files = list(FOLDER.glob("*.json"))
    if not files:
        pytest.skip("the reference data folder is not here")
    found = {tags.cloud: tags for tags in map(read, files)}
    assert set(found) == {"Public", "AzureGovernment", "China", "AzureGermany"}
    for tags in found.values():
        assert {"AzureActiveDirectory", "Storage", "ServiceBus", "AzureFrontDoor.Backend"} <= set(tags.tags)
        assert not any(name.startswith("Storage.") for name in tags.tags)
    assert "AzureActiveDirectory" in found["Public"].holding("20.190.128.0/18")
    raw = json.loads((FOLDER / "ServiceTags_Public_20251117.json").read_text("utf-8-sig"))
    first = next(v for v in raw["values"] if v["name"] == "ServiceBus")["properties"]["addressPrefixes"][0]
    assert found["Public"].holding(first)[0] == "ServiceBus"


@pytest.mark.parametrize(
    "data", [b"[]", b"{}", body(name="a b"), body(properties={}), body(properties={"region": "", "addressPrefixes": ["x"]})]
)
def test_what_is_no_file_of_tags_is_refused(data: bytes) -> None:
    assert parse(body()).holding("52.239.1.0/24") == ("Storage",)
    with pytest.raises(UpstreamDataError):
        parse(data)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read(tmp_path / "none.json")


def test_which_tags_matter() -> None:
    assert all(map(matters, ("M365ManagementActivityApiWebhook", "AzureFrontDoor.Frontend", "PowerPlatformInfra")))
    assert not matters("StorageSyncService")
