"""The numbers of the flows of the rows in /extended: a list that only grows.

A flow keeps its number for ever, so the id of its set is the same in all releases. The number is the flow's place in its
row's tuple. A new flow goes to the end of the tuple; a flow that has left the facts keeps its place; a renamed flow is a new
one. Internal flows are no sets and have no number.

    id = 10000 + 1000 × (number // 10) + 10 × row + number % 10

    >>> set_id(6, 0), set_id(7, 9), set_id(7, 10), set_id(19, 24)
    (10060, 10079, 11070, 12194)
    >>> row_of_set(11070)
    7

A flow that this release does not know, from a folder of facts of one's own, gets the numbers from 900 on, in the order of
the names. Its number can change when the folder does.
"""

from collections.abc import Iterable, Mapping

from perimeter365.errors import CatalogError

FIRST_ID = 10_000
"""The ids of all rows' sets are greater, those of endpoint sets are smaller."""

UNKNOWN = 900
"""The first number of flows that are not in `NUMBERED`."""

LAST = 9_899
"""The last number for which an id has at most six digits."""

NUMBERED: Mapping[int, tuple[str, ...]] = {
    1: (
        "azcopy-upload",
        "azcopy-download",
        "import-portal",
    ),
    2: (
        "assistant-to-services",
        "single-sign-on-test",
    ),
    4: (
        "sign-in",
        "certificate-sign-in",
        "certificate-sign-in-by-name",
        "device-registration",
    ),
    5: (
        "sbc-to-unified-messaging",
        "unified-messaging-to-sbc",
    ),
    6: ("mrs-proxy",),
    7: (
        "exchange-online-to-ews",
        "exchange-online-to-autodiscover",
        "exchange-online-to-autodiscover-by-server-name",
        "exchange-online-to-ews-by-oauth",
        "mail-from-exchange-online-protection",
        "mail-to-exchange-online-protection",
        "ews-of-exchange-online",
        "autodiscover-of-exchange-online",
        "federation-metadata",
        "federation-tokens",
        "federation-delegation",
        "oauth-tokens",
        "oauth-access-control",
        "oauth-metadata",
        "hybrid-application",
    ),
    8: ("exchange-online-to-sts",),
    9: (
        "wizard-to-services",
        "wizard-short-link",
        "wizard-download",
        "agent-installer-short-links",
        "wizard-for-exchange-2010",
        "wizard-to-government-services",
    ),
    10: ("autodetect-to-exchange",),
    11: (
        "connector-to-service",
        "connector-certificate-checks",
        "connector-certificates",
        "connector-registration",
        "agent-to-service",
    ),
    12: (
        "screen-sharing",
        "screen-sharing-todays-ranges",
    ),
    13: ("edge-to-skype-online",),
    14: (
        "users-to-access-edge",
        "federation-to-access-edge",
        "access-edge-to-federation",
        "access-edge-certificate-checks",
        "access-edge-dns",
        "users-to-web-conferencing-edge",
        "av-edge-media",
        "av-edge-stun-out",
        "av-edge-stun-in",
        "xmpp-to-access-edge",
        "connector-edge-sip-in",
        "connector-edge-sip-out",
        "connector-edge-dns-and-certificates",
        "connector-edge-media-in",
        "connector-edge-media-out",
        "connector-host-updates",
        "direct-routing-signaling-out",
        "direct-routing-signaling-in",
        "direct-routing-media-out",
        "direct-routing-media-in",
        "direct-routing-relay-out",
        "direct-routing-relay-in",
        "direct-routing-bypass-from-outside",
    ),
    19: (
        "certificate-checks",
        "synchronization",
        "synchronization-by-name",
        "synchronization-by-graph",
        "tenant-detection",
        "synchronization-hosts-in-use",
        "users-to-adfs-proxy",
        "users-to-adfs-proxy-by-certificate",
        "pass-through-with-single-sign-on",
        "password-hash-with-single-sign-on",
        "pass-through-agent-to-service",
        "pass-through-agent-status",
        "pass-through-agent-registration",
        "pass-through-agent-certificate-checks",
        "health-agent-to-service",
        "health-agent-to-service-bus",
        "health-agent-plain-http",
        "cloud-sync-service",
        "cloud-sync-registration",
        "cloud-sync-certificate-checks",
        "cloud-sync-status",
        "hybrid-join-registration",
        "hybrid-join-sign-in",
        "seamless-sso-clients",
        "seamless-sso-registration",
    ),
    20: (
        "certificate-checks",
        "synchronization",
    ),
    21: (
        "client-to-stream",
        "client-to-cloudapp",
    ),
    22: (
        "mfa-server-to-service",
        "mfa-server-to-service-reduced",
    ),
    23: (
        "graph-to-receiver",
        "graph-to-receiver-single-addresses",
        "graph-to-receiver-earlier-ranges",
        "receiver-to-graph",
    ),
    24: (
        "web-probe",
        "web-probe-ipv6",
        "web-probe-before-1607",
        "web-probe-ipv6-before-1607",
    ),
    25: (
        "android-to-google",
        "apple-devices-to-apple",
        "apple-devices-to-apple-narrow",
        "sender-to-google",
        "sender-to-apple",
    ),
}
"""Row -> the names of its flows, the last part of their ids, in the order of their numbers."""


def set_id(row: int, number: int) -> int:
    """Return the id of the set of a flow."""
    if not (1 <= row <= 99 and 0 <= number <= LAST):
        raise CatalogError(f"row {row} has no set of the number {number}")
    return FIRST_ID + 1000 * (number // 10) + 10 * row + number % 10


def row_of_set(identity: int) -> int:
    """Return the row of the set with an id."""
    return identity % 1000 // 10


def numbers_of(row: int, names: Iterable[str]) -> dict[str, int]:
    """Return the number of each flow of a row, by name.

    Args:
        row: the number of the row.
        names: the names of all its flows, outbound and inbound, in all clouds.
    """
    known = {name: number for number, name in enumerate(NUMBERED.get(row, ()))}
    own = sorted(set(names) - known.keys())
    return known | {name: number for number, name in enumerate(own, UNKNOWN)}
