"""Evaluate the conditions of requirements for a profile.

A requirement is needed if all its `needs` hold and none of its `unless`. A condition about [dns] is evaluated for each
mail domain; a flow or site is needed if it is needed for one of them, and has the names of those alone.
"""

from collections.abc import Callable

from perimeter365.model.cloud import Cloud
from perimeter365.model.condition import Condition, Term
from perimeter365.model.requirement import Requirement
from perimeter365.plan.profile import Profile

IsSelected = Callable[[Cloud, str], bool]
"""Return True if a scenario or service area is selected in a cloud."""


class Conditions:
    """The conditions of one profile."""

    def __init__(self, profile: Profile, selected: IsSelected) -> None:
        self.profile = profile
        self.selected = selected

    def unmet(self, req: Requirement, domain: str = "") -> str:
        """Return the condition that makes a requirement unnecessary.

        Such as `[roles] adfs-proxy is not set`, `[dns] autodiscover is on-premises`; "" if it is needed.
        """
        if not domain and len(self.profile.email_domains) > 1:
            found = [self.unmet(req, each) for each in self.profile.email_domains]
            return "" if "" in found else found[0]
        for condition in req.needs:
            if not self.holds(condition, req.cloud, domain):
                return " and ".join(term.sentence(holds=False) for term in condition.terms)
        for condition in req.unless:
            if held := [term for term in condition.terms if self._term(term, req.cloud, domain)]:
                return held[0].sentence(holds=True)
        return ""

    def domains(self, req: Requirement) -> list[str]:
        """Return the mail domains whose names belong to a flow or site.

        These are the domains of its cloud that need it. A requirement that none of them needs, planned because its id is
        selected, has all of them.
        """
        every = list(self.profile.email_domains)
        own = [each for each in every if self.profile.domains.get(each, req.cloud) == req.cloud]
        return [each for each in own if not self.unmet(req, each)] or own or every

    def holds(self, condition: Condition, cloud: Cloud, domain: str = "") -> bool:
        """Return True if one of the alternatives holds in a cloud, or for a domain."""
        return any(self._term(term, cloud, domain) for term in condition.terms)

    def _term(self, term: Term, cloud: Cloud, domain: str) -> bool:
        if term.kind == "scenario":
            return self.selected(cloud, term.name)
        if term.kind == "role":
            own = self.profile.roles.get(term.name)
            return own is not None and bool(own.hosts or own.prefixes)
        if term.kind == "cloud":
            return any(term.name == str(each) for each in self.profile.clouds)
        domains = [domain] if domain else list(self.profile.email_domains) or [""]
        values = [self.profile.dns_value(term.name, each) for each in domains]  # type: ignore[arg-type]  # checked by Term
        return any(value == term.value if term.value else value is not None for value in values)
