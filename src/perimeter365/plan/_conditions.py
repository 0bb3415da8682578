"""Evaluate the conditions of requirements for a profile.

A requirement is needed if all its `needs` hold and none of its `unless`. A condition about [dns] is evaluated for each
mail domain; for a requirement without a domain, it holds if it holds for one of them.
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

        Such as `needs role:adfs-proxy`, `unless dns:autodiscover=on-premises`; "" if it is needed.
        """
        for condition in req.needs:
            if not self.holds(condition, req.cloud, domain):
                return f"needs {condition}"
        for condition in req.unless:
            if self.holds(condition, req.cloud, domain):
                return f"unless {condition}"
        return ""

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
