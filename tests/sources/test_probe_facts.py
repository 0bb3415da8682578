"""Facts that probes compare with: figures of the documents, and refused files."""

import shutil
import ssl
from pathlib import Path

import pytest

from perimeter365.errors import CatalogError
from perimeter365.model.requirement import Flow
from perimeter365.sources.embedded import FACTS, embedded
from perimeter365.sources.probe_facts import probe_facts, read_probe_facts

FILES = ("certificates.toml", "quality.toml", "probe-names.toml")


def test_the_roots_are_those_of_the_page() -> None:
    found = [c for c in probe_facts().certificates if c.kind == "root" and c.evidence.confidence == "high"]
    assert len(found) == 7
    assert all(c.sha1 and c.sha256 for c in found)
    (g2,) = [c for c in found if c.name == "DigiCert Global Root G2"]
    assert g2.sha1 == "df3c24f9bfd666761b268073fe06d1cc8d4f82a4"
    (old,) = [c for c in probe_facts().certificates if c.kind == "expired"]
    assert (old.name, str(old.not_after)) == ("Baltimore CyberTrust Root", "2025-05-12")
    assert len({c.sha1 for c in probe_facts().certificates if c.kind == "issuing" and c.evidence.confidence == "high"}) == 40


def test_the_fingerprints_are_those_of_the_systems_store() -> None:
    """SHA-1 and SHA-256 belong to one certificate, as the store of the machine has it."""
    import hashlib

    context = ssl.create_default_context()
    own = {hashlib.sha1(der, usedforsecurity=False).hexdigest(): der for der in context.get_ca_certs(binary_form=True)}
    known = [c for c in probe_facts().certificates if c.sha256 and c.sha1 in own]
    if not known:
        pytest.skip("the system's store has none of the roots")
    for each in known:
        assert hashlib.sha256(own[each.sha1]).hexdigest() == each.sha256, each.name


@pytest.mark.parametrize(
    ("segment", "metric", "good", "bad"),
    [
        ("client to Microsoft", "round trip", 99.9, 100),
        ("client to Microsoft", "jitter", 29, 30),
        ("network edge to Microsoft", "loss", 0.05, 0.1),
        ("test client to Microsoft", "distance to the egress", 800, 801),
        ("Entra Connect through a proxy", "idle time of connections", 360, 300),
    ],
)
def test_thresholds_are_those_of_the_documents(segment: str, metric: str, good: float, bad: float) -> None:
    (found,) = [t for t in probe_facts().thresholds if (t.segment, t.metric) == (segment, metric)]
    assert found.met(good)
    assert not found.met(bad)


def test_a_relay_has_its_addresses_in_its_set() -> None:
    for relay in probe_facts().relays:
        assert not relay.udp - embedded().endpoint_set(relay.set).udp


def test_status_probes_are_flows_and_records_of_row_24() -> None:
    row = embedded().rows[24]
    hosts = {h.text: f for f in row.flows for h in f.destination.hosts}
    for each in probe_facts().status_probes:
        if each.url:
            _, _, host, path = each.url.split("/", 3)
            assert f"/{path}" in hosts[host].path
        else:
            assert (each.name, each.address) in {(r.owner.removesuffix("."), r.value) for r in row.records}


def test_names_are_listed_under_a_wildcard_of_their_cloud() -> None:
    for each in probe_facts().names:
        for cloud in each.clouds:
            listed = {h for s in embedded().endpoint_sets(cloud) for h in s.hosts}
            listed |= {h for r in embedded().row_requirements() if isinstance(r, Flow) for h in r.destination.hosts}
            for name in each.names:
                assert "<" in name.text or any(h.covers(name) for h in listed), name


def copied(folder: Path) -> Path:
    for name in FILES:
        shutil.copy(Path(str(FACTS), name), folder)
    return folder


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (FILES[0], 'sha1 = "a8985d3a', 'sha1 = "a8985d3', "40 hexadecimal digits"),
        (FILES[0], 'kind = "root"', 'kind = "roots"', "a kind of certificate"),
        (FILES[0], 'kind = "root"', 'kindd = "root"', "unknown key 'kindd'"),
        (FILES[0], 'evidence = "authorities"', 'evidence = "nothing"', "'nothing' is missing"),
        (FILES[1], "below = 50.0", "at_most = 50.0\nbelow = 50.0", "exactly one of"),
        (FILES[1], "below = 50.0", 'below = "50"', "expected a number"),
        (FILES[1], "http://www.msftncsi.com", "https://www.msftncsi.com", "plain HTTP"),
        (FILES[1], 'role = "adfs-proxy"', 'role = "adfs"', "adfs"),
        (FILES[2], 'names = ["portal.manage.microsoft.us"]', 'names = ["portal.example.com"]', "not a name of"),
        (FILES[2], "[[names]]", "[[name]]", "unknown key 'name'"),
    ],
)
def test_a_file_that_is_not_valid_is_refused_with_its_name(
    tmp_path: Path, name: str, old: str, new: str, message: str
) -> None:
    path = copied(tmp_path) / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    with pytest.raises(CatalogError) as caught:
        read_probe_facts(tmp_path)
    assert name in caught.value.message
    assert message in caught.value.message


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    (copied(tmp_path) / "probe-names.toml").unlink()
    with pytest.raises(CatalogError, match=r"names\.toml"):
        read_probe_facts(tmp_path)
