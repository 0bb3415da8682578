"""Reasons of losses: why an artifact differs from the plan.

    >>> REASONS["no-paths"].cause
    'device'
    >>> print(REASONS["limit"].sentence)
    a limit merges or cuts entries

The codes are stable and public: profiles name them in `[[accept]] loss = "TARGET/REASON"`, and losses.json contains them. A
target reports a loss with a code and may replace the sentence by one with its own detail.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from perimeter365.plan.plan import WarningCode

Cause = Literal["device", "choice", "profile", "plan"]
"""What a loss follows from.

device   what the target declares that it never expresses. Known, unless the requirement matters and no target of the folder
         expresses it.
choice   an option or a limit. Always a decision.
profile  a value of the profile. Always a decision.
plan     something that the plan itself reports as a warning. Known where the plan has that warning, otherwise a decision.
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class LossReason:
    """Why an artifact differs from the plan."""

    code: str
    cause: Cause
    sentence: str
    remedy: str = ""
    """The usual next step; "" if there is none."""
    warnings: tuple[WarningCode, ...] = ()
    """For the cause `plan`: the warnings of a plan that report the same."""


def _reason(cause: Cause, code: str, sentence: str, remedy: str = "", *warnings: WarningCode) -> LossReason:
    return LossReason(code=code, cause=cause, sentence=sentence, remedy=remedy, warnings=warnings)


REASONS: Mapping[str, LossReason] = MappingProxyType(
    {
        reason.code: reason
        for reason in (
            _reason(
                "device",
                "unaddressed-hosts",
                "no address is published for the hosts, and the target matches addresses only",
                "allow them by name, on a proxy or a firewall that supports host names",
            ),
            _reason(
                "device",
                "unaddressed-sources",
                "no address is published for the source, and a source cannot be matched by name",
                "ask the vendor for the addresses",
            ),
            _reason(
                "device",
                "no-addresses",
                "only addresses are published, and the target matches names only",
                "use a target that matches addresses",
            ),
            _reason(
                "device",
                "no-anyone",
                "the other end is any address, which a list of entries cannot express",
                "write a rule on the firewall",
            ),
            _reason(
                "device",
                "no-paths",
                "the target does not match URL paths; all paths are included",
                "limit the path on a proxy, or on the published server",
            ),
            _reason(
                "device",
                "encrypted-paths",
                "the target only sees URL paths where TLS is decrypted",
                "decrypt it, or allow the whole host",
            ),
            _reason("device", "tcp-only", "the target handles TCP only", "allow UDP on the firewall"),
            _reason("device", "family", "the target does not handle this IP version", "filter it on another device"),
            _reason(
                "device",
                "wildcard-form",
                "the target does not support this form of wildcard",
                "list the names in use with --observed FILE",
            ),
            _reason(
                "device",
                "observed-only",
                "only the observed names of a wildcard are included",
                "add the names that are missing to the file of --observed",
            ),
            _reason(
                "device",
                "wider-match",
                "an entry of the target matches more names than the pattern",
                "list the names in use with --observed FILE",
            ),
            _reason(
                "device",
                "narrower-match",
                "an entry of the target matches fewer names than the pattern",
                "list the missing names individually",
            ),
            _reason(
                "device",
                "late-match",
                "TCP and the TLS hello may reach any address until the device has seen the name",
            ),
            _reason("device", "machine-wide", "the rule applies to all addresses of the machines that have it"),
            _reason(
                "device",
                "shared-addresses",
                "a set of resolved addresses would contain those of names that the plan does not need",
                "write the sets with --allow-widen",
            ),
            _reason(
                "device", "no-cookies", "zones do not control cookies in current browsers", "render browser-policy, too"
            ),
            _reason("device", "no-zones", "the target has no such browser zone", "render trusted-sites-reg, too"),
            _reason(
                "device",
                "foreign-zone",
                "the record belongs to a zone of another organization, or to none of the mail domains",
                "check that the name resolves",
            ),
            _reason(
                "device",
                "mixed-ports",
                "a list also has addresses or names that need other ports, so one rule over it opens more",
                "use split=ports, or write a rule for each requirement",
            ),
            _reason(
                "device",
                "no-sides",
                "an end is any address, and no interface or zone tells the internet from the internal networks",
                "bind the rules to the interface of the internet",
            ),
            _reason(
                "device",
                "stateless",
                "the list keeps no state: it also permits answers that nobody asked for, TCP packets with ACK or RST and "
                "UDP packets from the ports of planned services",
                "use a firewall that keeps state, or the zone-based firewall",
            ),
            _reason("device", "name-length", "the name is too long for the target", "list it on another device"),
            _reason(
                "device",
                "web-ports",
                "programs do not use a web proxy for these ports",
                "allow the ports on the firewall",
            ),
            _reason(
                "choice",
                "new-list",
                "a list is new since the last render, and a device has no rule for it yet",
                "add its object and its rule, as index.txt says",
            ),
            _reason(
                "choice",
                "nothing-selected",
                "the target has no entry at all: an option leaves out everything that the plan has for it",
                "change the option, or do not load the files",
            ),
            _reason("choice", "limit", "a limit merges or cuts entries", "raise --max-prefixes, or lower --extra-space"),
            _reason(
                "choice",
                "allow-widen",
                "the host was widened with --allow-widen",
                "render without --allow-widen, or accept the loss",
            ),
            _reason("choice", "option", "an option of the target excludes it", "change the option"),
            _reason(
                "choice",
                "no-virtual-ip",
                "a translated destination is matched by its virtual IP only, which the policy does not name",
                "name the virtual IP of the role",
            ),
            _reason(
                "choice",
                "shared-list",
                "a list is shared by several requirements, so the rule also allows what others of them need",
                "use a finer split",
            ),
            _reason(
                "profile",
                "no-common-family",
                "source and destination have no common IP version that the target handles",
                "add addresses of the other IP version to the role",
            ),
            _reason("profile", "zone-conflict", "a site is in one zone, and two are planned", "select one of the scenarios"),
            _reason(
                "plan",
                "role-unset",
                "the role has no address",
                "add an address to the role in the profile, under [roles]",
                "role-unset",
            ),
            _reason(
                "plan",
                "no-ports-known",
                "the ports are not known, and opening all ports would be more than the source requires",
                "ask the vendor for the ports, and set them with [[adjust]]",
                "no-ports",
            ),
            _reason(
                "plan",
                "no-value",
                "a value is known only to the administrators of the tenant",
                "set it in the profile",
                "template-unfilled",
                "value-needed",
                "role-name-unset",
                "role-unset",
            ),
            _reason(
                "plan",
                "unknown-end",
                "no host or address of the other end is known",
                "ask the vendor",
                "unresolved-reference",
                "role-name-unset",
                "template-unfilled",
                "not-in-cloud",
            ),
            _reason(
                "plan",
                "shared-domain",
                "anyone can have a name under the domain of the wildcard, so it stays on the proxy",
                "name the hosts in use, with [[adjust]] hosts in the profile or with --observed FILE",
                "shared-domain",
            ),
            _reason(
                "plan",
                "record-conflict",
                "records of one name exclude each other",
                "choose one of them",
                "record-conflict",
            ),
        )
    }
)
"""all reasons by code, in the order of `docs/losses.md`"""

UNCLASSIFIED = LossReason(
    code="unclassified",
    cause="choice",
    sentence="the loss was written by a version of perimeter365 without codes",
    remedy="render the folder again",
)
"""the reason of losses in files of version 2.1 and earlier"""

OUTSIDE: Mapping[str, str] = MappingProxyType(
    {
        "outbound": "flows to the internet",
        "inbound": "flows from the internet",
        "internal": "flows between the organization's own hosts",
        "sites": "sites of browser zones",
        "records": "DNS records",
        "unselected": "flows that an option leaves out (categories, sources), records that only have to resolve",
    }
)
"""the kinds of requirements that a target may not be for. They are counted, and are no loss"""
