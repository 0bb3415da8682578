"""`show`: the facts of an id, with evidence."""

import json

import pytest

from perimeter365.sources.load import read_catalog
from tests.cli.conftest import Cli

CATALOG = read_catalog()


@pytest.mark.parametrize("name", ["row/6", "mailbox-migration", "dns", "dns/mx", "teams", "ws/worldwide/11", "row/24"])
def test_every_kind_of_id_can_be_shown(cli: Cli, name: str) -> None:
    ran = cli("show", name)
    assert ran.code == 0
    shown = json.loads(cli("show", name, "--json").out)
    assert shown["id"] == name
    assert {(r["id"], r["cloud"]) for r in shown["requirements"]} == {(r.id, str(r.cloud)) for r in CATALOG.find(name)}
    for requirement in CATALOG.find(name):
        assert requirement.id in ran.out
        for evidence in requirement.evidence:
            assert evidence.document in ran.out
            assert f"{evidence.confidence} confidence" in " ".join(ran.out.split())


def test_a_set_shows_its_ports_hosts_and_prefixes(cli: Cli) -> None:
    out = cli("show", "ws/worldwide/11").out
    assert "udp 3478-3481" in out
    assert "52.112.0.0/14" in out
    assert "optimize" in out
    assert "no inspection" in out


def test_a_row_shows_its_defect_and_a_path(cli: Cli) -> None:
    out = " ".join(cli("show", "row/6").out.split())
    assert CATALOG.rows[6].defect in out
    assert "/EWS/mrsproxy.svc" in out


def test_facts_that_clouds_share_are_shown_once(cli: Cli) -> None:
    out = cli("show", "row/6").out
    assert out.count("/EWS/mrsproxy.svc") == 1
    assert "worldwide, gcchigh, dod, china" in out


def test_one_cloud_can_be_selected(cli: Cli) -> None:
    shown = json.loads(cli("show", "dns/mx", "--cloud", "china", "--json").out)
    assert {r["cloud"] for r in shown["requirements"]} == {"china"}


def test_an_unknown_id_gets_the_nearest_one(cli: Cli) -> None:
    ran = cli("show", "mailbox-migratoin")
    assert (ran.code, ran.out) == (2, "")
    assert "did you mean 'mailbox-migration'?" in ran.err


@pytest.mark.parametrize(
    ("word", "found"),
    [
        # scenario and row, area, requirement
        ("outlook", ["outlook-mobile-autodetect (row/10)"]),
        ("Teams", None),
        ("mrs", ["row/6/mrs-proxy"]),
        ("hybrid", ["exchange-hybrid-coexistence (row/7)", "exchange-hybrid-sts (row/8)", "skype-hybrid (row/13)"]),
    ],
)
def test_a_word_gets_the_ids_that_contain_it(cli: Cli, word: str, found: list[str] | None) -> None:
    ran = cli("show", word)
    assert ran.code == 2
    if found is None:
        assert "teams-sites (row/16)" in ran.err
        assert "teams," in ran.err
    else:
        assert all(name in ran.err for name in ["these contain it", *found])


def test_explained_names_can_be_shown(cli: Cli) -> None:
    every = cli("show", "names").out
    assert {"names/akamai", "names/ajax-cdn", "names/former-search", "names/alias-rule"} <= set(every.split())
    for value in ("names/akamai", "*.akadns.net", "e1.akamaiedge.net"):
        ran = cli("show", value)
        assert ran.code == 0
        assert ran.out.startswith("names/akamai ")
        assert "managing-office-365-endpoints" in ran.out
    shown = json.loads(cli("show", "names/akamai", "--json").out)
    assert (shown["row"], shown["requirements"]) == (None, [])
    assert [name["id"] for name in shown["names"]] == ["names/akamai"]
    ran = cli("show", "names/akamay")
    assert (ran.code, "did you mean 'names/akamai'?" in ran.err) == (2, True)


def test_a_set_marks_the_names_of_a_delivery_network(cli: Cli) -> None:
    out = " ".join(cli("show", "ws/worldwide/91").out.split())
    assert "ajax.aspnetcdn.com (names/ajax-cdn)" in out
    assert "others may share them" in out
    shown = json.loads(cli("show", "ws/worldwide/91", "--json").out)
    assert "names/ajax-cdn" in {name["id"] for name in shown["names"]}
    assert "share" not in cli("show", "ws/worldwide/11").out
    assert "names" not in json.loads(cli("show", "ws/worldwide/11", "--json").out)


def test_a_listed_name_under_an_explained_domain_is_said_to_be_open(cli: Cli) -> None:
    assert "open it" in cli("show", "mshybridservice.trafficmanager.net").out
    assert "mshybridservice.trafficmanager.net" in cli("show", "names/traffic-manager").out


def test_single_lines_can_be_shown(cli: Cli) -> None:
    # set 2: IMAP, POP and submission
    assert cli("show", "ws/worldwide/2", "--field", "ports", "--field", "required").out.splitlines() == [
        "ws/worldwide/2  outbound flow",
        "  ports      tcp 143,587,993,995",
        "  required   no",
    ]
    ran = cli("show", "ws/worldwide/2", "--field", "port")
    assert (ran.code, "did you mean 'ports'?" in ran.err) == (2, True)


def test_conditions_are_shown_in_words(cli: Cli) -> None:
    out = " ".join(cli("show", "dns/single-sign-on").out.split())
    assert "scenario federation-sts is selected, or" in out
    assert "[roles] adfs-proxy is set" in out
    assert "not if [dns] autodiscover is on-premises" in " ".join(cli("show", "dns/autodiscover").out.split())
    shown = json.loads(cli("show", "dns/autodiscover", "--cloud", "dod", "--json").out)
    assert shown["requirements"][0]["unless"] == ["dns:autodiscover=on-premises"]


def test_a_scenario_next_to_a_row_and_a_former_id_can_be_shown(cli: Cli) -> None:
    out = cli("show", "teams-direct-routing").out
    assert out.startswith("teams-direct-routing  Teams Direct Routing")
    assert "row/14/direct-routing-media-in" in out
    assert "row/14/direct-routing-signaling-in" in cli("show", "row/14/direct-routing-in").out


def test_what_is_not_known_for_a_cloud_is_shown(cli: Cli) -> None:
    assert "gcchigh, dod, china: row/7/oauth-access-control" in " ".join(cli("show", "row/7").out.split())


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("certificates", "DigiCert Global Root G2"),
        ("quality", "round trip"),
        ("probe-names", "portal.manage.microsoft.us"),
    ],
)
def test_what_probes_compare_with_can_be_shown(cli: Cli, name: str, text: str) -> None:
    assert text in cli("show", name).out
    assert text in json.dumps(json.loads(cli("show", name, "--json").out))
