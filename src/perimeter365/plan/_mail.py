"""The source of mail to Exchange Online Protection.

The web service lists the addresses of Exchange Online Protection for tcp 25 and does not say who connects to them. It is
mail servers: a relay, or Exchange. Computers of users send their mail in other ways, and opening tcp 25 for them lets
malware send spam. The endpoint sets are those that the rows name as Exchange Online Protection.
"""

from dataclasses import replace

from perimeter365.model.catalog import Catalog
from perimeter365.model.ports import PortSet
from perimeter365.model.requirement import Flow, Party
from perimeter365.plan._select import WarningSink
from perimeter365.plan.profile import Profile

SENDERS = ("smtp-relay", "exchange-server")
"""The roles that send mail; the first one that has addresses is the source."""

_PROTECTION = "exchange-online-protection"
_SMTP = PortSet.parse("25")
_WAY_OUT = "row/7/mail-to-exchange-online-protection"


def with_mail_source(flow: Flow, catalog: Catalog, profile: Profile, warn: WarningSink) -> Flow:
    """Return a flow with mail servers as its source, if it is mail.

    Without a sending role in the profile, and for a set that has other ports too, the source stays; this is reported. A
    source that the profile sets with [[adjust]] stays, too.
    """
    if not (flow.id.set_key and flow.tcp & _SMTP and _is_protection(flow, catalog)):
        return flow
    if any(each.source and each.covers(flow.id) for each in profile.adjust):
        return flow
    if any(each.tcp & _SMTP and each.covers(flow.id) for each in profile.exclude):
        return flow  # only its other ports are planned
    known = [name for name in SENDERS if (own := profile.roles.get(name)) and (own.hosts or own.prefixes)]
    if known and not (flow.tcp - _SMTP or flow.udp):
        others = "".join(f"; {name} is not a source: it hands its mail to the relay" for name in known[1:])
        warn("adjusted", flow.id, f"tcp 25 is mail: from {known[0]} instead of {flow.source.role}{others}")
        return replace(flow, source=Party(role=known[0]))
    also = f"; exclude tcp 25 here and select {_WAY_OUT} for {known[0]}" if known else ""
    text = f"tcp 25 is mail, which {flow.source.role} is assumed to send: the web service names no source{also}"
    warn("assumed", flow.id, text, "[[exclude]] tcp" if known else "[roles] smtp-relay or exchange-server")
    return flow


def _is_protection(flow: Flow, catalog: Catalog) -> bool:
    """Return True if a row names the flow's set as Exchange Online Protection."""
    return any(
        end.role == _PROTECTION and number in end.sets
        for number in flow.destination.sets
        for other in catalog.row_requirements()
        if isinstance(other, Flow) and other.cloud is flow.cloud
        for end in (other.source, other.destination)
    )
