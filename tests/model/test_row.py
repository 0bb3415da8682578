"""Rows of the page, with their requirements."""

from tests.model.samples import flow, inbound, record, row, site


def test_a_row_is_named_by_its_number_and_dns_by_its_scenario() -> None:
    assert row(6).id == "row/6"
    assert row(0).id == "dns"


def test_kinds_and_directions_have_a_fixed_order() -> None:
    made = row(6, record(), site(), inbound(), flow(id="row/6/a"), flow(id="row/6/b"))
    assert made.kinds == ("flow", "site", "record")
    assert made.directions == ("outbound", "inbound")
    assert [r.id for r in made.requirements] == ["row/6/mrs-proxy", "row/6/a", "row/6/b", "row/16/teams", "dns/autodiscover"]
    assert row(6).kinds == row(6).directions == ()
