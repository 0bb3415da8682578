"""DNS records of a plan: one for each mail domain, host name or address that the catalog's record stands for."""

from collections.abc import Iterator

from perimeter365.model.host import variables
from perimeter365.model.requirement import Record
from perimeter365.model.role import ROLES
from perimeter365.plan._fill import Filler
from perimeter365.plan.plan import PlanRecord

_FAMILY = {"A": 4, "AAAA": 6}


def records(req: Record, filler: Filler) -> Iterator[PlanRecord]:
    """The records that one record of the catalog becomes.

    A value of which only the admin center knows a part keeps its `<…>`, with the warning `value-needed`. AAAA
    records are left out where the profile has no IPv6.
    """
    if req.type == "AAAA" and not filler.profile.ipv6:
        return
    for name, domain in _owners(req, filler):
        for value in _values(req, domain, filler):
            _notice(req, name, value, filler)
            yield PlanRecord.of(req, name=name, zone=domain, value=value)


def _owners(req: Record, filler: Filler) -> Iterator[tuple[str, str]]:
    """(absolute name, its mail domain or ""). An owner that ends in a dot or holds a template is absolute."""
    if req.owner.endswith(".") or variables(req.owner):
        for name in filler.texts(req.owner.removesuffix(".")):
            if not variables(name):
                yield name, ""
            elif filler.missing(req, name, req.owner):
                filler.warn("value-needed", req.id, f"{name}: the name is shown in the admin center")
        return
    if not filler.profile.email_domains:
        filler.warn("template-unfilled", req.id, "organization.email_domains is not set: there is no zone to publish in")
    for domain in filler.profile.email_domains:
        yield (domain if req.owner == "@" else f"{req.owner}.{domain}"), domain


def _values(req: Record, domain: str, filler: Filler) -> Iterator[str]:
    """The record's data, templates filled as far as the profile can; in A and AAAA a role is its single addresses."""
    role = req.value[1:-1]
    if req.type not in _FAMILY or role not in ROLES or req.value != f"<{role}>":
        yield from filler.texts(req.value, domain)
        return
    single = [p.address for p in filler.own(role).addresses if p.family == _FAMILY[req.type]]
    if not single and req.type == "A":
        filler.warn("role-unset", role, f"[roles] {role} has no single IPv4 address; needed by {req.id}")
        single = [req.value]
    yield from single


def _notice(req: Record, name: str, value: str, filler: Filler) -> None:
    """Warn of what is left open in a value."""
    if req.type in _FAMILY and variables(value):
        return  # a role without a single address, which has been said
    if filler.missing(req, value, f"the value of {name}"):
        filler.warn("value-needed", req.id, f"{name}: the value {value!r} is shown in the admin center")
