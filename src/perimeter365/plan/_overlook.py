"""Warnings that only the whole plan shows: names and addresses that are shared, records that contradict each other."""

from collections.abc import Iterable, Sequence

from perimeter365.model.host import GLUED, SUFFIX, HostPattern
from perimeter365.model.ids import row_id
from perimeter365.model.prefix import PrefixSet
from perimeter365.plan._select import Warn
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
"""Under these every customer of the vendor can have a name, so a wildcard opens more than Microsoft 365."""

_MRS_PROXY = "mrs-proxy"
_PUBLISHED = frozenset({"exchange-server", "adfs-proxy", "notification-receiver", "sbc", "sfb-edge", "load-balancer"})
"""Roles of ours that the internet reaches, whether this plan has flows for them or not."""


def overlook(
    profile: Profile,
    flows: Sequence[PlanFlow],
    sites: Iterable[PlanSite],
    records: Iterable[PlanRecord],
    warn: Warn,
) -> None:
    """Warn of what is wrong between requirements that are right by themselves."""
    shared_names(profile, flows, warn)
    for flow in flows:
        if flow.theirs:
            shared_domains(flow.id, flow.theirs.hosts, warn)
    for site in sites:
        shared_domains(site.id, (site.host,), warn)
    record_conflicts(records, warn)


def shared_names(profile: Profile, flows: Iterable[PlanFlow], warn: Warn) -> None:
    """Row 6's own warning: restricting the sources of the MRS proxy cuts whatever shares its name or address."""
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
                f"mrs-proxy and {role} share {what}: give the MRS proxy a name and an address of its own before "
                "its sources are restricted, or the other one is cut off",
            )


def shared_domains(about: str, hosts: Iterable[HostPattern], warn: Warn) -> None:
    """Wildcards under which other customers of the vendor have names too."""
    for host in hosts:
        if host.kind in (SUFFIX, GLUED) and host.domain in SHARED_DOMAINS:
            warn("shared-domain", about, f"{host}: other customers of the vendor have names there too")


def record_conflicts(records: Iterable[PlanRecord], warn: Warn) -> None:
    """Records to publish that exclude each other: a CNAME beside anything else (RFC 1034 3.6.2), two SPF records."""
    names: dict[str, list[PlanRecord]] = {}
    for record in records:
        if record.duty == "publish":
            names.setdefault(record.name, []).append(record)
    for name, beside in sorted(names.items()):
        values = {(r.type, r.value) for r in beside}
        if len(values) > 1 and any(r.type == "CNAME" for r in beside):
            warn("record-conflict", name, f"a CNAME excludes every other record of its name: {_said(beside)}")
        spf = [r for r in beside if r.type == "TXT" and r.value.startswith("v=spf1 ")]
        if len({r.value for r in spf}) > 1:
            warn("record-conflict", name, f"a name has one SPF record, which has to hold all senders: {_said(spf)}")


def _said(records: Iterable[PlanRecord]) -> str:
    return "; ".join(sorted({f"{r.type} {r.value} ({r.id}, {r.cloud})" for r in records}))
