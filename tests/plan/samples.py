"""Profiles for tests: a minimal one, and one with names and addresses for every role."""

from typing import Any

from perimeter365.model.catalog import Catalog
from perimeter365.model.cloud import Cloud
from perimeter365.model.host import HostPattern
from perimeter365.model.prefix import PrefixSet
from perimeter365.model.role import OUR_ROLES
from perimeter365.plan.make import make_plan
from perimeter365.plan.plan import Plan
from perimeter365.plan.profile import Profile, RoleHosts


def role(*entries: str) -> RoleHosts:
    """Return the hosts of a role from addresses, prefixes and names, as in a file."""
    names = [e for e in entries if e[-1].isalpha() and ":" not in e]
    return RoleHosts(
        hosts=tuple(HostPattern(n) for n in names), prefixes=PrefixSet.parse(e for e in entries if e not in names)
    )


def profile(*scenarios: str, roles: dict[str, RoleHosts] | None = None, **changes: Any) -> Profile:
    """Return a profile with some scenarios and no service area, in the worldwide cloud."""
    made: dict[str, Any] = {
        "clouds": (Cloud.WORLDWIDE,),
        "name": "Contoso",
        "service_areas": (),
        "scenarios": scenarios,
        "roles": roles or {},
    }
    return Profile(**(made | changes))


def every_role() -> dict[str, RoleHosts]:
    """Return two names, a single address and a prefix of each family for each role, all distinct."""
    return {
        name: role(
            f"{name}.contoso.com",
            f"{name}-2.contoso.com",
            f"203.0.113.{n}",
            f"10.{n}.0.0/16",
            f"2001:db8:{n:x}::1",
            f"2001:db8:{n:x}:1::/64",
        )
        for n, name in enumerate(OUR_ROLES, start=1)
    }


def full_profile(*clouds: Cloud, **changes: Any) -> Profile:
    """Return a profile that selects everything, with all roles set."""
    made: dict[str, Any] = {
        "clouds": clouds,
        "tenant": "contoso",
        "email_domains": ("contoso.com", "fabrikam.example"),
        "service_areas": ("common", "exchange", "sharepoint", "teams", "intune"),
        "scenarios": ("all",),
        "roles": every_role(),
    }
    return profile(**(made | changes))


def codes(plan: Plan) -> set[tuple[str, str]]:
    """Return (code, id) of the warnings."""
    return {(w.code, w.id) for w in plan.warnings}


def messages(plan: Plan, code: str) -> list[str]:
    return [w.message for w in plan.warnings if w.code == code]


def planned(catalog: Catalog, *scenarios: str, **changes: Any) -> Plan:
    return make_plan(catalog, profile(*scenarios, **changes))
