"""Fills templates from the profile: `<tenant>`, `<email_domain>`, and the name of a role for its host names.

What the profile cannot fill is left out of hosts, with a warning that says what to add. Other variables
(`<mx-token>`) are known only to the tenant's administrators and stay as they are.
"""

from collections.abc import Iterable, Iterator

from perimeter365.errors import HostPatternError
from perimeter365.model.host import TEMPLATE, HostPattern, fill, variables
from perimeter365.model.requirement import Requirement
from perimeter365.model.role import ROLES
from perimeter365.plan._select import Warn
from perimeter365.plan.profile import Profile, RoleHosts

TENANT, EMAIL_DOMAIN = "tenant", "email_domain"


class Filler:
    """Knows the values of one profile."""

    def __init__(self, profile: Profile, warn: Warn) -> None:
        self.profile = profile
        self.warn = warn

    def own(self, role: str) -> RoleHosts:
        """The hosts of a role; empty when the profile has none."""
        return self.profile.roles.get(role, RoleHosts())

    def hosts(self, req: Requirement, hosts: Iterable[HostPattern]) -> Iterator[HostPattern]:
        """The hosts with templates filled; one that the profile cannot fill is left out, with a warning.

        Raises HostPatternError when a value does not fit its template (a label would be too long).
        """
        for host in hosts:
            if host.kind != TEMPLATE:
                yield host
                continue
            try:
                filled = host.fill(self.values(host.text))
            except HostPatternError as error:
                raise error.inside(f"{req.id}: {host}") from None
            for each in filled:
                if each.kind != TEMPLATE:
                    yield each
                else:
                    for name in self.missing(req, each.text, host.text):
                        self.warn("template-unfilled", req.id, f"no profile can fill <{name}>; needed for {host}")

    def texts(self, text: str, domain: str = "") -> list[str]:
        """The texts that a template becomes; inside of a mail domain's zone `<email_domain>` is that domain."""
        values = self.values(text)
        if domain:
            values[EMAIL_DOMAIN] = [domain]
        return fill(text, values)

    def values(self, text: str) -> dict[str, list[str]]:
        """What the profile has for the variables of a template."""
        values = {
            TENANT: [self.profile.tenant] if self.profile.tenant else [],
            EMAIL_DOMAIN: list(self.profile.email_domains),
        }
        for name in variables(text):
            if name in ROLES:
                values[name] = [h.text for h in self.own(name).hosts]
        return values

    def missing(self, req: Requirement, left: str, needed: str) -> list[str]:
        """Warn of each variable that is left in a text and that the profile could have filled.

        Args:
            req: whose text it is.
            left: the text as far as it could be filled.
            needed: what needs it, for the message.

        Returns:
            The names of the other variables, which no profile can fill.
        """
        others = []
        for name in variables(left):
            if name in ROLES:
                self.warn("role-name-unset", name, f"[roles] {name} has no host name; needed for {needed} of {req.id}")
            elif name in (TENANT, EMAIL_DOMAIN):
                key = "tenant" if name == TENANT else "email_domains"
                self.warn("template-unfilled", req.id, f"organization.{key} is not set; needed for {needed}")
            else:
                others.append(name)
        return others
