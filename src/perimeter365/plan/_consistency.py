"""Warnings about a plan as a whole: shared addresses, conflicting records."""

from collections.abc import Iterable, Sequence

from perimeter365.model.host import GLUED, SUFFIX, HostPattern
from perimeter365.model.ids import row_id
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan._select import WarningSink
from perimeter365.plan.plan import PlanFlow, PlanRecord, PlanSite
from perimeter365.plan.profile import Profile

SHARED_DOMAINS = (
    "azureedge.net",
    "azurewebsites.net",
    "blob.core.usgovcloudapi.net",
    "blob.core.windows.net",
    "chinacloudapi.cn",
    "cloudapp.net",
    "servicebus.usgovcloudapi.net",
    "servicebus.windows.net",
    "store.core.windows.net",
    "trafficmanager.net",
    "webpubsub.azure.com",
)
"""Domains in which every customer of the vendor can have a name, so a wildcard opens more than Microsoft 365."""

_MRS_PROXY = "mrs-proxy"
_PUBLISHED = frozenset({"exchange-server", "adfs-proxy", "notification-receiver", "sbc", "sfb-edge", "load-balancer"})
"""Roles of own hosts that the internet reaches, whether the plan has flows for them or not."""


def check_consistency(
    profile: Profile,
    flows: Sequence[PlanFlow],
    sites: Iterable[PlanSite],
    records: Iterable[PlanRecord],
    warn: WarningSink,
) -> None:
    """Warn of conflicts between requirements that are valid on their own."""
    shared_names(profile, flows, warn)
    for flow in flows:
        if flow.theirs:
            shared_domains(flow.id, flow.theirs.hosts, warn)
    for site in sites:
        shared_domains(site.id, (site.host,), warn)
    record_conflicts(records, warn)


def shared_names(profile: Profile, flows: Iterable[PlanFlow], warn: WarningSink) -> None:
    """Warn if another published host shares the name or address of the MRS proxy.

    Restricting the sources of the MRS proxy (row 6) would cut off that host.
    """
    hosts: dict[str, set[HostPattern]] = {}
    prefixes: dict[str, PrefixSet] = {}
    for flow in flows:
        if flow.direction == "inbound":
            end = flow.destination
            hosts.setdefault(end.role, set()).update(end.hosts)
            prefixes[end.role] = prefixes.get(end.role, PrefixSet()) | end.prefixes
    if _MRS_PROXY not in hosts:
        return
    for role in _PUBLISHED & set(profile.roles):
        hosts.setdefault(role, set()).update(profile.roles[role].hosts)
        prefixes[role] = prefixes.get(role, PrefixSet()) | profile.roles[role].prefixes
    for role in sorted(set(hosts) - {_MRS_PROXY}):
        shared = [h.text for h in sorted(hosts[_MRS_PROXY] & hosts[role])]
        for what in (*shared, *(str(p) for p in prefixes[_MRS_PROXY] & prefixes[role])):
            warn(
                "shared-name",
                row_id(6),
                f"mrs-proxy and {role} share {what}: give the MRS proxy its own name and address before you restrict its "
                f"sources, or {role} is cut off",
            )


def shared_domains(about: str, hosts: Iterable[HostPattern], warn: WarningSink) -> None:
    """Warn of wildcards that also match names of other customers of the vendor."""
    for host in hosts:
        if host.kind in (SUFFIX, GLUED) and host.domain in SHARED_DOMAINS:
            warn("shared-domain", about, f"{host} also matches names of other customers of the vendor")


def record_conflicts(records: Iterable[PlanRecord], warn: WarningSink) -> None:
    """Warn of records to publish that exclude each other.

    These are a CNAME with other records of its name (RFC 1034 3.6.2), and two SPF records (RFC 7208 4.5).
    """
    names: dict[str, list[PlanRecord]] = {}
    for record in records:
        if record.duty == "publish":
            names.setdefault(record.name, []).append(record)
    for name, same_name in sorted(names.items()):
        values = {(r.type, r.value) for r in same_name}
        if len(values) > 1 and any(r.type == "CNAME" for r in same_name):
            found = _record_list(same_name)
            warn("record-conflict", name, f"a name with a CNAME can have no other record; publish one of: {found}")
        spf = [r for r in same_name if r.type == "TXT" and r.value.startswith("v=spf1 ")]
        if len({r.value for r in spf}) > 1:
            found = _record_list(spf)
            warn("record-conflict", name, f"a name can have one SPF record only; combine the senders of: {found}")


def _record_list(records: Iterable[PlanRecord]) -> str:
    return "; ".join(sorted({f"{r.type} {r.value} ({r.id}, {r.cloud})" for r in records}))
