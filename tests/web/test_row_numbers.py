import pytest

from perimeter365 import load_catalog
from perimeter365.errors import CatalogError
from perimeter365.web.row_numbers import LAST, NUMBERED, UNKNOWN, numbers_of, row_of_set, set_id

# The last flow of each row in the first release with /extended. What stands up to here must never move: clients know it.
FIRST_RELEASE = {
    1: (3, "import-portal"),
    2: (2, "single-sign-on-test"),
    4: (4, "device-registration"),
    5: (2, "unified-messaging-to-sbc"),
    6: (1, "mrs-proxy"),
    7: (15, "hybrid-application"),
    8: (1, "exchange-online-to-sts"),
    9: (6, "wizard-to-government-services"),
    10: (1, "autodetect-to-exchange"),
    11: (5, "agent-to-service"),
    12: (2, "screen-sharing-todays-ranges"),
    13: (1, "edge-to-skype-online"),
    14: (23, "direct-routing-bypass-from-outside"),
    19: (25, "seamless-sso-registration"),
    20: (2, "synchronization"),
    21: (2, "client-to-cloudapp"),
    22: (2, "mfa-server-to-service-reduced"),
    23: (4, "receiver-to-graph"),
    24: (4, "web-probe-ipv6-before-1607"),
    25: (5, "sender-to-apple"),
}


def test_the_first_ten_flows_of_a_row_have_the_ids_of_the_contract() -> None:
    assert [set_id(6, n) for n in range(10)] == list(range(10060, 10070))


def test_no_two_flows_have_the_same_id_and_the_row_can_be_read_from_it() -> None:
    ids = {set_id(row, number): row for row in range(1, 26) for number in range(LAST + 1)}
    assert len(ids) == 25 * (LAST + 1)
    assert all(10_000 < each < 1_000_000 and row_of_set(each) == row for each, row in ids.items())


@pytest.mark.parametrize(("row", "number"), [(0, 0), (100, 0), (6, -1), (6, LAST + 1)])
def test_a_number_without_an_id_is_refused(row: int, number: int) -> None:
    with pytest.raises(CatalogError):
        set_id(row, number)


def test_every_flow_of_the_rows_has_a_number() -> None:
    catalog = load_catalog("embedded")
    for row in catalog.rows.values():
        names = {f.id.rpartition("/")[2] for f in row.flows if f.direction != "internal"}
        assert names <= set(NUMBERED.get(row.number, ())), f"add the new flows of row {row.number} at the end of NUMBERED"


def test_no_number_of_the_first_release_has_moved() -> None:
    assert {row: (count, NUMBERED[row][count - 1]) for row, (count, _) in FIRST_RELEASE.items()} == FIRST_RELEASE
    assert all(len(set(names)) == len(names) for names in NUMBERED.values())


def test_flows_of_other_facts_are_numbered_by_name_after_all_numbers_of_releases() -> None:
    found = numbers_of(6, ["zebra", "mrs-proxy", "alpha"])
    assert found == {"mrs-proxy": 0, "alpha": UNKNOWN, "zebra": UNKNOWN + 1}
    assert max(map(len, NUMBERED.values())) < UNKNOWN
