"""Roles of the ends of a flow: own hosts, Microsoft, third parties, anyone.

The names of the roles of own hosts are the keys of `[roles]` in a profile.
"""

from dataclasses import dataclass
from typing import Final, Literal

from perimeter365.errors import UnknownNameError

Side = Literal["ours", "microsoft", "third-party", "anyone"]
OURS: Final = "ours"
MICROSOFT: Final = "microsoft"
THIRD_PARTY: Final = "third-party"
ANYONE: Final = "anyone"


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """A kind of host at an end of a flow."""

    name: str
    """The name in profiles, plans and JSON: `mrs-proxy`."""
    side: Side
    """`ours`, `microsoft`, `third-party`, or `anyone` (only the role `internet`)."""
    title: str
    """The name for display: `Published MRS proxy`."""


def _roles(side: Side, titles: dict[str, str]) -> dict[str, Role]:
    return {name: Role(name=name, side=side, title=title) for name, title in titles.items()}


ROLES: dict[str, Role] = {
    **_roles(
        OURS,
        {
            "client": "Users' computers",
            "mobile-device": "Phones and tablets",
            "admin-workstation": "Administrators' workstations",
            "resolver": "DNS resolvers",
            "exchange-server": "Exchange servers",
            "smtp-relay": "Mail relays",
            "mrs-proxy": "Published MRS proxy",
            "hybrid-wizard-host": "Hybrid Configuration Wizard host",
            "hybrid-agent": "Exchange Hybrid Agent",
            "proxy-connector": "Entra private network connector",
            "adfs-proxy": "Published federation proxy (WAP)",
            "adfs-server": "AD FS servers",
            "entra-connect": "Entra Connect server",
            "provisioning-agent": "Entra Cloud Sync provisioning agents",
            "health-agent": "Entra Connect Health agents",
            "pass-through-agent": "Pass-through authentication agents",
            "domain-controller": "Domain controllers",
            "load-balancer": "Load balancers",
            "mfa-server": "Azure MFA Server",
            "notification-receiver": "Published receiver of notifications",
            "notification-sender": "Servers that send push notifications",
            "sbc": "Session border controller",
            "sfb-edge": "Skype for Business Edge servers",
            "cloud-connector": "Skype for Business Cloud Connector",
            "pstn-gateway": "PSTN gateway",
        },
    ),
    **_roles(
        MICROSOFT,
        {
            "microsoft-365": "Microsoft 365",
            "exchange-online": "Exchange Online",
            "exchange-online-protection": "Exchange Online Protection",
            "sharepoint-online": "SharePoint Online and OneDrive",
            "teams": "Teams",
            "skype-online": "Skype for Business Online",
            "intune": "Intune",
            "entra-id": "Entra ID",
            "graph": "Microsoft Graph",
            "autodetect": "Outlook AutoDetect service",
            "support-assistant": "Support and Recovery Assistant service",
            "azure": "Azure",
            "azure-storage": "Azure Storage",
            "connectivity-test": "Windows connectivity test (NCSI)",
        },
    ),
    **_roles(
        THIRD_PARTY,
        {
            "certificate-authority": "Certificate authorities (CRL, OCSP)",
            "google-push": "Google push service (FCM)",
            "apple-push": "Apple push service (APNs)",
        },
    ),
    **_roles(ANYONE, {"internet": "Anyone on the internet"}),
}

OUR_ROLES = tuple(name for name, role in ROLES.items() if role.side == OURS)


def role(name: str) -> Role:
    """Return the role of a name. Raises UnknownNameError."""
    try:
        return ROLES[name]
    except KeyError:
        raise UnknownNameError("role", name, ROLES) from None
