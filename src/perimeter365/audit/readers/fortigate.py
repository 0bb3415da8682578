"""Reader of FortiGate: firewall addresses, groups, services and policies.

The text has the form that `show` prints.

    config firewall address             set subnet A MASK | set type fqdn, set fqdn HOST
    config firewall address6            set ip6 PREFIX | set type fqdn, set fqdn HOST
    config firewall addrgrp[6]          set member NAME...
    config firewall service custom      set tcp-portrange P-Q..., set udp-portrange P-Q...
    config firewall policy              set srcaddr[6], dstaddr[6], service NAME..., set action accept
        edit NAME ... next              also append, unselect, delete, move A before B, # comments
    end

Policies refer to addresses and groups; `all` is every address and `ALL` every port, unless the text redefines them. All
other tables and fields are reported line by line, and so are policies that deny, are disabled, or have other conditions or
a schedule other than always.

https://docs.fortinet.com/document/fortigate/7.4.0/administration-guide/627485

    >>> reading = FortigateReader.read('''
    ... config firewall address
    ...     edit "lan"
    ...         set subnet 10.0.0.0 255.0.0.0
    ...     next
    ... end
    ... config firewall service custom
    ...     edit "web"
    ...         set tcp-portrange 80 443
    ...     next
    ... end
    ... config firewall policy
    ...     edit 1
    ...         set srcintf "lan"
    ...         set dstintf "wan"
    ...         set srcaddr "lan"
    ...         set dstaddr "all"
    ...         set action accept
    ...         set schedule "always"
    ...         set service "web"
    ...     next
    ... end
    ... '''.strip())
    >>> [(list(rule.source), str(rule.ports)) for rule in reading.rules]
    [([Prefix('10.0.0.0/8')], '80,443')]
    >>> reading.complete
    True
    >>> for line in FortigateReader.read("config system global").unread:
    ...     print(line)
    line 1: the table 'system global' is not supported: config system global
"""

from collections.abc import Iterator
from functools import partial

from perimeter365.audit.packets import AllowRule, Family, Protocol, RuleEnd, allow_rules, unite_ends
from perimeter365.audit.reader import NumberedRule
from perimeter365.audit.readers._tables import NOTES, POLICY, SERVICE, Entry, Tables
from perimeter365.audit.words import host_name, netmask
from perimeter365.errors import ConfigurationError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix


class FortigateReader(Tables):
    """A simulated FortiGate."""

    name = "fortigate"
    title = "FortiGate configuration"

    def policies(self) -> Iterator[NumberedRule]:
        """Yield the policies."""
        ends: dict[tuple[str, str], RuleEnd] = {}
        for key, policy in self.tables[POLICY].items():
            yield self.lines[POLICY, key], partial(self._rules, policy, ends)

    def _rules(self, policy: Entry, ends: dict[tuple[str, str], RuleEnd]) -> Iterator[AllowRule]:
        if list(policy.get("action", ())) != ["accept"]:
            raise ConfigurationError("only policies that accept are supported")
        if list(policy.get("schedule", ())) != ["always"]:
            raise ConfigurationError("only policies with the schedule always are supported")
        families: tuple[tuple[Family, str], ...] = ((4, ""), (6, "6"))
        for family, six in families:
            one, other = policy.get(f"srcaddr{six}"), policy.get(f"dstaddr{six}")
            if one is None and other is None:
                continue
            if not one or not other:
                raise ConfigurationError(f"a policy needs both srcaddr{six} and dstaddr{six}")
            source, destination = (unite_ends(self._address(name, family, ends) for name in some) for some in (one, other))
            for service in policy.get("service", ()):
                for protocol, ports in self._ports(service):
                    yield from allow_rules(protocol, source, destination, ports, (family,))

    def _address(self, name: str, family: Family, ends: dict[tuple[str, str], RuleEnd]) -> RuleEnd:
        """Return the addresses of an address object or group."""
        six = "6" if family == 6 else ""
        if name == "all":
            self._default(name, f"firewall address{six}", f"firewall addrgrp{six}")
            return RuleEnd.any(family)
        if (six, name) not in ends:
            group = self.tables[f"firewall addrgrp{six}"].get(name)
            if group is None:
                ends[six, name] = self._one(self.tables[f"firewall address{six}"].get(name, {}), name)
            else:
                addresses = self.tables[f"firewall address{six}"]
                if name in addresses:
                    raise ConfigurationError(f"{name!r} is both an address and an address group")
                if nested := [member for member in group.get("member", ()) if member not in addresses]:
                    raise ConfigurationError(f"the group {nested[0]!r} within {name!r} is not supported")
                ends[six, name] = unite_ends(self._address(member, family, ends) for member in group.get("member", ()))
        return ends[six, name]

    def _default(self, name: str, *tables: str) -> None:
        """Raise ConfigurationError if the text redefines a predefined name."""
        if any(self.tables[table].get(name, {}).keys() - NOTES for table in tables):
            raise ConfigurationError(f"{name!r} is redefined in the text, which is not supported")

    def _one(self, entry: Entry, name: str) -> RuleEnd:
        """Return the addresses of an address object."""
        fields = {field: list(values) for field, values in entry.items()}
        match fields:
            case {"type": ["fqdn"], "fqdn": [host]}:
                return RuleEnd.named(host_name(host))
            case {"type": [kind]} if kind not in ("ipmask", "ipprefix"):
                raise ConfigurationError(f"{name!r} has the type {kind[:60]!r}, which is not supported")
            case {"ip6": [prefix]}:
                return RuleEnd.of(Prefix.parse(prefix))
            case {"subnet": [prefix]} if "/" in prefix:
                return RuleEnd.of(Prefix.parse(prefix))
            case {"subnet": [address, mask]}:
                return RuleEnd.of(netmask(address, mask))
        raise ConfigurationError(f"{name!r} has no address")

    def _ports(self, service: str) -> Iterator[tuple[Protocol, PortSet]]:
        if service == "ALL":
            self._default(service, SERVICE)
            yield from (("tcp", PortSet.everything()), ("udp", PortSet.everything()))
            return
        entry = self.tables[SERVICE].get(service, {})
        protocols: tuple[Protocol, ...] = ("tcp", "udp")
        if not any(entry.get(f"{protocol}-portrange") for protocol in protocols):
            raise ConfigurationError(f"the service {service[:80]!r} has no TCP or UDP ports")
        for protocol in protocols:
            if values := entry.get(f"{protocol}-portrange"):
                yield protocol, PortSet.parse(",".join(values))
