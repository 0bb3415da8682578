"""The names that a profile can select, known without reading the catalog.

    name                        means
    mailbox-migration           the row of that scenario; `dns` for the page's DNS scope
    teams-direct-routing        a need of its own next to a row: `FURTHER_SCENARIOS`
    exchange                    a service area: its endpoint sets
    all                         every row and DNS
    row/6                       the same as the row's scenario
    row/6/…, dns/…              one requirement, even if its scenario does not select it
    ws/worldwide/11             one endpoint set, whatever its category

A test compares the names with the catalog. Only the form of an id is checked here; `make_plan` checks that it exists.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from perimeter365.model.area import AREAS
from perimeter365.model.ids import is_requirement_id, row_id, row_number

ROW_SCENARIOS = (
    "pst-import",
    "support-recovery-assistant",
    "entra-connect-adfs",
    "federation-sts",
    "unified-messaging-sbc",
    "mailbox-migration",
    "exchange-hybrid-coexistence",
    "exchange-hybrid-sts",
    "hybrid-configuration-wizard",
    "outlook-mobile-autodetect",
    "exchange-hybrid-agent",
    "skype-legacy-client",
    "skype-hybrid",
    "skype-cloud-pstn",
    "authentication-sites",
    "teams-sites",
    "sharepoint-sites",
    "yammer-sites",
    "entra-connect",
    "entra-connect-21vianet",
    "stream-classic",
    "mfa-server",
    "graph-change-notifications",
    "ncsi",
    "teams-mobile-push",
)
"""The scenarios of rows 1 to 25, in order."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FurtherScenario:
    """A scenario that the page does not have.

    Its requirements stand next to those of a row.
    """

    row: int
    """The number of the row that has its requirements: their ids start with `row/14/`."""
    title: str


FURTHER_SCENARIOS: Mapping[str, FurtherScenario] = {
    "private-network-connector": FurtherScenario(row=11, title="Private network connector (application proxy)"),
    "teams-direct-routing": FurtherScenario(row=14, title="Teams Direct Routing"),
    "cloud-sync": FurtherScenario(row=19, title="Entra Cloud Sync"),
    "hybrid-join": FurtherScenario(row=19, title="Entra hybrid join of devices"),
    "seamless-sso": FurtherScenario(row=19, title="Seamless single sign-on"),
}
"""Scenario -> its row and title. A row's own scenario does not select their requirements."""

RENAMED_IDS: Mapping[str, str] = {
    "row/14/direct-routing-in": "row/14/direct-routing-signaling-in",
    "row/14/direct-routing-out": "row/14/direct-routing-signaling-out",
}
"""Former id of a requirement -> its present id. A selection accepts both."""

DNS = "dns"
ALL = "all"
SCENARIOS = (*ROW_SCENARIOS, *FURTHER_SCENARIOS, DNS, *AREAS, ALL)
"""Every name that is not an id."""


def is_selector(text: str) -> bool:
    """Return True for the name of a scenario, and for text in the form of an id."""
    return text in SCENARIOS or row_number(text) is not None or is_requirement_id(text)


def canonical(text: str) -> str:
    """Return the canonical name of a selection.

    `row/6` becomes `mailbox-migration`, and `china:row/6` becomes `china:mailbox-migration`; a former id becomes the present
    one. Other names are unchanged.
    """
    cloud, colon, name = text.rpartition(":")
    if colon:
        return f"{cloud}:{canonical(name)}"
    number = row_number(text)
    return ROW_SCENARIOS[number - 1] if number else RENAMED_IDS.get(text, text)


def row_of(text: str) -> int | None:
    """Return the row of a requirement's id: 6 for `row/6/mrs-proxy`.

    Other text has none.
    """
    return next((n for n in range(1, len(ROW_SCENARIOS) + 1) if text.startswith(f"{row_id(n)}/")), None)
