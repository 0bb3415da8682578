"""Fill templates from the profile.

Variables are `<tenant>`, `<email_domain>`, the name of a role for its host names, and those of `DNS_VARIABLES` in records.

Hosts that the profile cannot fill are left out, with a warning that states what to add. Variables of records that [dns]
does not fill stay in the text.
"""

from collections.abc import Iterable, Iterator, Mapping

from perimeter365.errors import HostPatternError
from perimeter365.model.condition import DnsKey
from perimeter365.model.host import TEMPLATE, HostPattern, fill, variables
from perimeter365.model.requirement import Requirement
from perimeter365.model.role import ROLES
from perimeter365.plan._select import WarningSink
from perimeter365.plan.profile import Profile, RoleHosts

TENANT, EMAIL_DOMAIN = "tenant", "email_domain"
DNS_VARIABLES: Mapping[str, DnsKey] = {
    "mx-token": "mx_token",
    "verification-token": "verification",
    "federation-hash": "federation_proof",
    "spf_senders": "spf_senders",
}
"""Variables of the values of records, with the [dns] key that fills them."""


class TemplateFiller:
    """Fills templates with the values of one profile."""

    def __init__(self, profile: Profile, warn: WarningSink) -> None:
        self.profile = profile
        self.warn = warn

    def role_hosts(self, role: str) -> RoleHosts:
        """Return the hosts of a role; empty if the profile has none."""
        return self.profile.roles.get(role, RoleHosts())

    def hosts(
        self, req: Requirement, hosts: Iterable[HostPattern], domains: list[str] | None = None
    ) -> Iterator[HostPattern]:
        """Yield the hosts with their templates filled.

        `<email_domain>` is filled with some mail domains or all.

        A template that the profile cannot fill is left out, with a warning. Raises HostPatternError if a value does not fit
        its template (a label would be too long).
        """
        for host in hosts:
            if host.kind != TEMPLATE:
                yield host
                continue
            try:
                values = self.values(host.text)
                filled = host.fill(values if domains is None else values | {EMAIL_DOMAIN: domains})
            except HostPatternError as error:
                raise error.inside(f"{req.id}: {host}") from None
            for each in filled:
                if each.kind != TEMPLATE:
                    yield each
                else:
                    for name in self.warn_unfilled(req, each.text, host.text):
                        self.warn("template-unfilled", req.id, f"no profile can fill <{name}>; needed for {host}")

    def texts(self, text: str, domain: str = "") -> list[str]:
        """Return the texts of a filled template.

        With `domain`, `<email_domain>` is filled with that mail domain only.
        """
        values = self.values(text)
        if domain:
            values[EMAIL_DOMAIN] = [domain]
            for name, key in DNS_VARIABLES.items():
                if (value := self.profile.dns_value(key, domain)) is not None:
                    values[name] = [value.removeprefix("MS=") if key == "verification" else value]
        return [" ".join(filled.split()) for filled in fill(text, values)]  # no senders leave two spaces

    def values(self, text: str) -> dict[str, list[str]]:
        """Return the values that the profile has for the variables of a template."""
        values = {
            TENANT: [self.profile.tenant] if self.profile.tenant else [],
            EMAIL_DOMAIN: list(self.profile.email_domains),
        }
        for name in variables(text):
            if name in ROLES:
                values[name] = [h.text for h in self.role_hosts(name).hosts]
        return values

    def warn_unfilled(self, req: Requirement, left: str, needed: str) -> list[str]:
        """Warn of each unfilled variable of a text that the profile could fill.

        Args:
            req: the requirement with the text.
            left: the text, filled as far as possible.
            needed: what the value is needed for, as part of the message.

        Returns:
            The names of the other variables, which no profile can fill.
        """
        others = []
        for name in variables(left):
            if name in ROLES:
                text = f"[roles] {name} has no host name; needed for {needed} of {req.id}"
                self.warn("role-name-unset", name, text, f"[roles] {name}")
            elif name in (TENANT, EMAIL_DOMAIN):
                key = "tenant" if name == TENANT else "email_domains"
                text = f"organization.{key} is not set; needed for {needed}"
                self.warn("template-unfilled", req.id, text, f"[organization] {key}")
            else:
                others.append(name)
        return others
