"""Warnings about a plan as a whole: shared addresses, conflicting records."""

from collections.abc import Iterable, Mapping, Sequence

from perimeter365.model.condition import DnsKey
from perimeter365.model.host import HostPattern
from perimeter365.model.ids import row_id
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.role import OUR_ROLES
from perimeter365.model.suffixes import private_suffix
from perimeter365.plan._select import WarningSink
from perimeter365.plan.plan import PlanFlow, PlanRecord, PlanSite
from perimeter365.plan.profile import Profile

_MRS_PROXY = "mrs-proxy"
_PUBLISHED = frozenset({"exchange-server", "adfs-proxy", "notification-receiver", "sbc", "sfb-edge", "load-balancer"})
"""Roles of own hosts that the internet reaches, whether the plan has flows for them or not."""


def check_consistency(profile: Profile, flows: Sequence[PlanFlow], sites: Iterable[PlanSite], warn: WarningSink) -> None:
    """Warn of conflicts between requirements that are valid on their own."""
    shared_names(profile, flows, warn)
    for flow in flows:
        if flow.theirs:
            shared_domains(flow.id, flow.theirs.hosts, warn)
    for site in sites:
        shared_domains(site.id, (site.host,), warn)


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
        if private_suffix(host):
            warn("shared-domain", about, f"{host} also matches names of other customers of the vendor")


def without_conflicts(
    profile: Profile, flows: Iterable[PlanFlow], records: Sequence[PlanRecord], warn: WarningSink
) -> list[PlanRecord]:
    """Return the records that do not conflict; warn of the others.

    Some exclude each other, others give away a name of our own.

    A CNAME excludes other records of its name (RFC 1034 3.6.2), and an SPF record another one (RFC 7208 4.5). A CNAME, A
    or AAAA record gives away a name if a role of the profile has it, or an inbound flow goes to it.
    """
    own = {host.text: role for role, hosts in profile.roles.items() for host in hosts.hosts}
    for flow in flows:
        own |= {
            host.text: f"{flow.destination.role} ({flow.id})"
            for host in flow.destination.hosts
            if flow.direction == "inbound"
        }
    names: dict[str, list[PlanRecord]] = {}
    for record in records:
        if record.duty == "publish":
            names.setdefault(record.name, []).append(record)
    lost: set[PlanRecord] = set()
    for name, same_name in sorted(names.items()):
        given = [r for r in same_name if name in own and r.type in ("CNAME", "A", "AAAA") and not _is_own(r, profile)]
        values = {(r.type, r.value) for r in same_name}
        both = same_name if len(values) > 1 and any(r.type == "CNAME" for r in same_name) else []
        spf = [r for r in same_name if r.type == "TXT" and r.value.startswith("v=spf1 ")]
        spf = spf if len({r.value for r in spf}) > 1 else []
        for found, text in (
            (given, f"{own.get(name)} serves this name, and the record would give it to Microsoft"),
            (both, "a name with a CNAME can have no other record"),
            (spf, "a name can have one SPF record only; combine their senders"),
        ):
            if found:
                lost.update(found)
                warn("record-conflict", name, f"{text}: {_record_list(found)}; not planned", _key_of(found))
    return [record for record in records if record not in lost]


def _is_own(record: PlanRecord, profile: Profile) -> bool:
    """Return True if the record points to an address or name of the profile's roles.

    A value that is a role without such an address points to no one else either.
    """
    if record.value.strip("<>") in OUR_ROLES:
        return True
    own = profile.roles.values()
    addresses = {p.address for each in own for p in each.addresses}
    return record.value in addresses or any(record.value == host.text for each in own for host in each.hosts)


def _key_of(records: Iterable[PlanRecord]) -> str:
    """Return the [dns] key or the exclusion that settles a conflict."""
    ids = {r.id for r in records}
    for key, words in _KEYS.items():
        if any(word in identity for word in words for identity in ids):
            return f"[dns] {key}"
    return f"[[exclude]] id = {min(ids)!r}"


_KEYS: Mapping[DnsKey, tuple[str, ...]] = {
    "autodiscover": ("autodiscover",),
    "device_registration": ("device-registration",),
    "sip": ("sip", "lyncdiscover"),
    "spf_senders": ("spf",),
}
"""The [dns] keys that decide who answers for a name, with a word of the ids of its records."""


def _record_list(records: Iterable[PlanRecord]) -> str:
    return "; ".join(sorted({f"{r.type} {r.value} ({r.id}, {r.cloud})" for r in records}))
