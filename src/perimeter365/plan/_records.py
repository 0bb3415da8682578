"""DNS records of a plan.

A record of the catalog becomes one for each mail domain, host name or address.
"""

from collections.abc import Iterator, Mapping

from perimeter365.model.host import variables
from perimeter365.model.requirement import Record
from perimeter365.model.role import ROLES
from perimeter365.plan._conditions import Conditions
from perimeter365.plan._fill import DNS_VARIABLES, TemplateFiller
from perimeter365.plan.plan import PlanRecord

_FAMILY = {"A": 4, "AAAA": 6}
_SOURCES: Mapping[str, str] = {
    "spf_senders": "the organization's other senders of mail, [] if there are none",
    "federation_proof": "the proof of the federation trust, which Get-FederatedDomainProof shows for each domain",
}
"""[dns] keys whose values are not in the admin center -> where they are."""


def records(req: Record, filler: TemplateFiller, conditions: Conditions, *, by_id: bool) -> Iterator[PlanRecord]:
    """Yield the planned records of a record of the catalog.

    A mail domain of which a condition says that it does not need the record has none, with the warning `not-needed`, or
    `record-conflict` if the record is selected by its id. A part of a value that no one has filled stays as `<…>`, with the
    warning `value-needed`. AAAA records are left out if the profile does not use IPv6.
    """
    if req.type == "AAAA" and not filler.profile.ipv6:
        return
    if _is_absolute(req) and (unmet := conditions.unmet(req)):
        _warn_unmet(req, req.owner.removesuffix("."), unmet, filler, by_id=by_id)
        return
    for name, domain in _owners(req, filler):
        if unmet := conditions.unmet(req, domain):
            _warn_unmet(req, name, unmet, filler, by_id=by_id)
            continue
        for value in _values(req, domain, filler):
            _warn_incomplete(req, name, domain, value, filler)
            yield PlanRecord.of(req, name=name, zone=domain, value=value)


def _warn_unmet(req: Record, name: str, unmet: str, filler: TemplateFiller, *, by_id: bool) -> None:
    text = f"{name} {req.type} ({req.id}) is not planned, because {unmet}: {req.condition}".removesuffix(": ")
    if by_id:
        filler.warn("record-conflict", name, text, f"[select] scenarios without {req.id!r}, or change what the reason names")
    else:
        filler.warn("not-needed", req.id, text)


def _is_absolute(req: Record) -> bool:
    """Return True if the owner does not belong to a mail domain."""
    return req.owner.endswith(".") or bool(variables(req.owner))


def _owners(req: Record, filler: TemplateFiller) -> Iterator[tuple[str, str]]:
    """Yield (absolute name, its mail domain or "").

    An owner that ends with a dot or contains a template is absolute. A mail domain of another cloud has no record.
    """
    if _is_absolute(req):
        for name in filler.texts(req.owner.removesuffix(".")):
            if not variables(name):
                yield name, ""
            elif filler.warn_unfilled(req, name, req.owner):
                text = f"{name}: get the name from the admin center"
                filler.warn("value-needed", req.id, text, "[[exclude]] id")
        return
    profile = filler.profile
    if not profile.email_domains:
        text = "organization.email_domains is not set, so there is no zone for the record"
        filler.warn("template-unfilled", req.id, text, "[organization] email_domains")
    several = req.duty == "publish" and len(clouds := [c for c in profile.clouds if not c.closed]) > 1
    for domain in profile.email_domains:
        owner = profile.domains.get(domain)
        if several and owner is None:
            names = ", ".join(map(str, clouds))
            text = f"the profile does not say whether the tenant of {domain} is in {names}: its records are not planned"
            filler.warn("record-conflict", domain, text, f'[organization.domains] "{domain}"')
        elif owner in (None, req.cloud):
            yield (domain if req.owner == "@" else f"{req.owner}.{domain}"), domain


def _values(req: Record, domain: str, filler: TemplateFiller) -> Iterator[str]:
    """Yield the data of a record, with its templates filled from the profile.

    In A and AAAA records, a role is replaced by its single addresses.
    """
    role = req.value[1:-1]
    if req.type not in _FAMILY or role not in ROLES or req.value != f"<{role}>":
        yield from filler.texts(req.value, domain)
        return
    own = filler.role_hosts(role)
    public = () if own.only_side == "inside" else own.addresses  # the addresses inside of a NAT are not published
    single = [p.address for p in public if p.family == _FAMILY[req.type]]
    if not single and req.type == "A":
        text = f"[roles] {role} has no single public IPv4 address; needed by {req.id}"
        filler.warn("role-unset", role, text, f"[roles] {role}")
        single = [req.value]
    yield from single


def _warn_incomplete(req: Record, name: str, domain: str, value: str, filler: TemplateFiller) -> None:
    """Warn of the unfilled parts of a value."""
    if req.type in _FAMILY and variables(value):
        return  # a role without a single address: `_values` has warned of it
    for variable in filler.warn_unfilled(req, value, f"the value of {name}"):
        key = DNS_VARIABLES.get(variable)
        if key is None:
            text = f"{name} {req.type} needs <{variable}> for {value!r}: see the admin center"
            filler.warn("value-needed", name, text, f"[[exclude]] id = {req.id!r}")
            continue
        # one decision a key and domain, however many records need it
        several = len(filler.profile.email_domains) > 1 and key != "spf_senders"
        text = f"{domain or name} needs {_SOURCES.get(key, f'<{variable}> from the admin center')}"
        where = f'[dns."{domain}"] {key}' if several else f"[dns] {key}"
        filler.warn("value-needed", f"{domain or name}/{key}", text, where)
