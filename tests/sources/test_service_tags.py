"""Azure's service tags."""

import json
from pathlib import Path

import pytest

from perimeter365.errors import InputError, UpstreamDataError
from perimeter365.sources.service_tags import is_relevant, parse_service_tags, read_service_tags

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "service-tags"


def body(**changes: object) -> bytes:
    value = {"name": "Storage", "properties": {"region": "", "addressPrefixes": ["52.239.0.0/16"]}}
    return json.dumps({"cloud": "Public", "changeNumber": 1, "values": [value | changes]}).encode()


def test_all_four_clouds_are_read_with_the_relevant_tags() -> None:
    files = list(FOLDER.glob("*.json"))
    if not files:
        pytest.skip("the reference data folder is not here")
    found = {tags.cloud: tags for tags in map(read_service_tags, files)}
    assert set(found) == {"Public", "AzureGovernment", "China", "AzureGermany"}
    for tags in found.values():
        assert {"AzureActiveDirectory", "Storage", "ServiceBus", "AzureFrontDoor.Backend"} <= set(tags.tags)
        assert not any(name.startswith("Storage.") for name in tags.tags)
    assert "AzureActiveDirectory" in found["Public"].tags_containing("20.190.128.0/18")
    raw = json.loads((FOLDER / "ServiceTags_Public_20251117.json").read_text("utf-8-sig"))
    first = next(v for v in raw["values"] if v["name"] == "ServiceBus")["properties"]["addressPrefixes"][0]
    assert found["Public"].tags_containing(first)[0] == "ServiceBus"


@pytest.mark.parametrize(
    "data", [b"[]", b"{}", body(name="a b"), body(properties={}), body(properties={"region": "", "addressPrefixes": ["x"]})]
)
def test_other_files_are_refused(data: bytes) -> None:
    assert parse_service_tags(body()).tags_containing("52.239.1.0/24") == ("Storage",)
    with pytest.raises(UpstreamDataError):
        parse_service_tags(data)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (body()[:-9], "stops in the middle"),
        (b"[" * 100_000, "is nested too deeply"),
        (b"\xff", "is not UTF-8 at byte 0"),
    ],
)
def test_a_damaged_file_is_reported_with_its_name(tmp_path: Path, data: bytes, problem: str) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_service_tags(path)
    assert caught.value.message.startswith(f"{path}: the file of service tags {problem}")


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_service_tags(tmp_path / "none.json")


def test_which_tags_are_relevant() -> None:
    assert all(map(is_relevant, ("M365ManagementActivityApiWebhook", "AzureFrontDoor.Frontend", "PowerPlatformInfra")))
    assert not is_relevant("StorageSyncService")
