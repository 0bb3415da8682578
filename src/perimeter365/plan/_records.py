"""DNS records of a plan.

A record of the catalog becomes one for each mail domain, host name or address.
"""

from collections.abc import Iterator

from perimeter365.model.host import variables
from perimeter365.model.requirement import Record
from perimeter365.model.role import ROLES
from perimeter365.plan._fill import TemplateFiller
from perimeter365.plan.plan import PlanRecord

_FAMILY = {"A": 4, "AAAA": 6}


def records(req: Record, filler: TemplateFiller) -> Iterator[PlanRecord]:
    """Yield the planned records of a record of the catalog.

    A part of a value that only the admin center shows stays as `<…>`, with the warning `value-needed`. AAAA records are
    left out if the profile does not use IPv6.
    """
    if req.type == "AAAA" and not filler.profile.ipv6:
        return
    for name, domain in _owners(req, filler):
        for value in _values(req, domain, filler):
            _warn_incomplete(req, name, value, filler)
            yield PlanRecord.of(req, name=name, zone=domain, value=value)


def _owners(req: Record, filler: TemplateFiller) -> Iterator[tuple[str, str]]:
    """Yield (absolute name, its mail domain or "").

    An owner that ends with a dot or contains a template is absolute.
    """
    if req.owner.endswith(".") or variables(req.owner):
        for name in filler.texts(req.owner.removesuffix(".")):
            if not variables(name):
                yield name, ""
            elif filler.warn_unfilled(req, name, req.owner):
                filler.warn("value-needed", req.id, f"{name}: get the name from the admin center")
        return
    if not filler.profile.email_domains:
        filler.warn("template-unfilled", req.id, "organization.email_domains is not set, so there is no zone for the record")
    for domain in filler.profile.email_domains:
        yield (domain if req.owner == "@" else f"{req.owner}.{domain}"), domain


def _values(req: Record, domain: str, filler: TemplateFiller) -> Iterator[str]:
    """Yield the data of a record, with its templates filled from the profile.

    In A and AAAA records, a role is replaced by its single addresses.
    """
    role = req.value[1:-1]
    if req.type not in _FAMILY or role not in ROLES or req.value != f"<{role}>":
        yield from filler.texts(req.value, domain)
        return
    single = [p.address for p in filler.role_hosts(role).addresses if p.family == _FAMILY[req.type]]
    if not single and req.type == "A":
        filler.warn("role-unset", role, f"[roles] {role} has no single IPv4 address; needed by {req.id}")
        single = [req.value]
    yield from single


def _warn_incomplete(req: Record, name: str, value: str, filler: TemplateFiller) -> None:
    """Warn of the unfilled parts of a value."""
    if req.type in _FAMILY and variables(value):
        return  # a role without a single address: `_values` has warned of it
    if filler.warn_unfilled(req, value, f"the value of {name}"):
        filler.warn("value-needed", req.id, f"{name}: get the value {value!r} from the admin center")
