"""Reader of Cisco ASA: objects, groups and extended access lists.

The text is a running configuration.

    object network NAME             host A | subnet A MASK | subnet PREFIX6 | fqdn [v4|v6] HOST
    object-group network NAME       network-object host A | A MASK | PREFIX6 | object NAME;  group-object NAME
    object-group service NAME tcp   port-object eq P | range P Q
    access-list NAME [line N] extended permit tcp END END [PORTS]
                                    END: any, any4, any6, host A, A MASK, PREFIX6, object NAME, object-group NAME
                                    PORTS: eq P, range P Q, object-group NAME; all ports if omitted
    access-list NAME extended deny ip any any;  access-list NAME extended permit icmp END END [TYPE [CODE]]
    access-list NAME remark TEXT
    no LINE, clear configure access-list NAME

Other deny entries, source ports, protocols other than tcp, udp and icmp, `inactive` and time ranges are not supported: each
such line is reported.

https://www.cisco.com/c/en/us/td/docs/security/asa/asa922/configuration/firewall/asa-922-firewall-config/access-objects.html

    >>> reading = CiscoAsaReader.read('''
    ... object-group network servers
    ...  network-object host 192.0.2.7
    ... access-list inside extended permit tcp 10.0.0.0 255.0.0.0 object-group servers eq https
    ... '''.strip())
    >>> [(str(rule.ports), list(rule.destination)) for rule in reading.rules]
    [('443', [Prefix('192.0.2.7/32')])]
    >>> for line in CiscoAsaReader.read("access-list inside extended deny tcp any any").unread:
    ...     print(line)
    line 1: 'deny' is not supported here; expected permit: access-list inside extended deny tcp any any
"""

from perimeter365.audit.packets import RuleEnd, allow_rules
from perimeter365.audit.readers._cisco import Allows, Cisco, Ends, Services, operator, protocol
from perimeter365.audit.words import WordStream, host_name, netmask
from perimeter365.errors import ConfigurationError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix

OBJECT, GROUP, SERVICE = "object network", "object-group network", "object-group service"


class CiscoAsaReader(Cisco):
    """A simulated ASA."""

    name = "cisco-asa"
    title = "Cisco ASA running configuration"
    single = frozenset((OBJECT,))

    def global_line(self, line: str) -> None:
        """Execute a line of the global configuration."""
        words, no = WordStream(line), False
        if words.next == "no":
            no = words.take("no") == "no"
        kind = words.expect("access-list", "object", "object-group", "clear")
        if kind == "access-list":
            self._list_line(words.take("a name"), words, no=no)
        elif kind == "clear":
            words.expect("configure")
            words.expect("access-list")
            name = words.take("a name")
            words.end()
            if no:
                raise ConfigurationError("no cannot be combined with clear")
            self.remove_list(name)
        else:
            kind = f"{kind} {words.expect('network') if kind == 'object' else words.expect('network', 'service')}"
            name = words.take("a name")
            kind = f"{kind} {protocol(words)}" if kind == SERVICE else kind
            words.end()
            (self.remove_group if no else self.open_group)(kind, name)

    def _list_line(self, name: str, words: WordStream, *, no: bool) -> None:
        place = 0
        if words.next == "line":
            words.take("line")
            place = int(words.take("a number")) if words.next.isdecimal() and words.next != "0" else -1
        if words.next not in ("extended", "remark") or place < 0:
            raise ConfigurationError(f"access lists of the type {words.next!r} are not supported; expected extended")
        if no:
            self.remove_entry(name, words.rest)
            return
        before = self.entries(name)
        at = min(place - 1 if place else len(before), len(before))
        self.add_entry(name, words.rest, at)
        if words.rest not in {entry.line for entry in before}:
            for entry in before[at:]:
                entry.sequence += 1

    def is_last(self, line: str) -> bool:
        """Return whether an entry denies everything."""
        return line == "extended deny ip any any"

    def network_member(self, kind: str, words: WordStream) -> Ends:
        """Parse a line of a network object or network group."""
        if kind == OBJECT:
            found = self._object(words)
            words.end()
            return lambda: found
        if words.expect("network-object", "group-object") == "group-object":
            made = self.network(GROUP, words.take("a name"))
        elif words.next == "object":
            words.take("object")
            made = self.network(OBJECT, words.take("a name"))
        else:
            end = addresses(words)
            made = lambda: end  # noqa: E731 (one of three assignments)
        words.end()
        return made

    def _object(self, words: WordStream) -> RuleEnd:
        word = words.expect("host", "subnet", "fqdn")
        if word == "host":
            return RuleEnd.of(Prefix.parse(words.take("an address")))
        if word == "subnet":
            return addresses(words)
        version = words.expect("v4", "v6") if words.next in ("v4", "v6") else ""
        host = frozenset({host_name(words.take("a name"))})
        return RuleEnd(hosts4=host if version != "v6" else frozenset(), hosts6=host if version != "v4" else frozenset())

    def service_member(self, kind: str, words: WordStream) -> Services:
        """Parse a line of a service group: `port-object eq 443`."""
        words.expect("port-object")
        return (("tcp" if kind.endswith("tcp") else "udp", operator(words)),)

    def entry(self, name: str, words: WordStream) -> Allows | None:
        """Parse `extended permit tcp END END PORTS`.

        The result is None for an entry that permits no connection.
        """
        if self.is_last(words.rest):
            return None
        words.expect("extended")
        words.expect("permit")
        if words.next in ("icmp", "icmp6"):
            words.take("icmp")
            self._end(words), self._end(words)
            return None
        which = protocol(words)
        source, destination = self._end(words), self._end(words)
        if words.next == "object-group":
            words.take("object-group")
            services = self.service(f"{SERVICE} {which}", words.take("a name"))
            words.end()
            return lambda: (rule for kind, ports in services() for rule in allow_rules(kind, source(), destination(), ports))
        ports = operator(words) if words else PortSet.everything()
        return lambda: allow_rules(which, source(), destination(), ports)

    def _end(self, words: WordStream) -> Ends:
        word = words.next
        if word in ("any", "any4", "any6"):
            words.take("any")
            end = RuleEnd.any() if word == "any" else RuleEnd.any(4) if word == "any4" else RuleEnd.any(6)
        elif word in ("object", "object-group"):
            words.take(word)
            return self.network(OBJECT if word == "object" else GROUP, words.take("a name"))
        else:
            end = addresses(words)
        return lambda: end


def addresses(words: WordStream) -> RuleEnd:
    """Parse `host A`, `A MASK` or an IPv6 prefix."""
    word = words.take("an address")
    if word == "host":
        return RuleEnd.of(Prefix.parse(words.take("an address")))
    return RuleEnd.of(Prefix.parse(word) if ":" in word else netmask(word, words.take("a mask")))
