"""Reader of Cisco IOS: object groups and named extended access lists.

The text is a running configuration. IPv4 and IPv6 are supported.

    object-group network NAME       host A | A MASK | group-object NAME
    object-group service NAME       tcp eq P | udp range P Q
    ip access-list extended NAME    [NUMBER] permit object-group SERVICE END END | permit tcp END END [eq P | range P Q]
                                    END: any, host A, A WILDCARD, object-group NAME
    ipv6 access-list NAME           [sequence NUMBER] permit tcp END END [eq P | range P Q]
                                    END: any, host A, PREFIX6
    deny ip any any, deny ipv6 any any, permit icmp any any [TYPE]
    permit tcp END END established, permit udp END eq P END
    remark TEXT, no LINE
    ip access-list resequence NAME START STEP

Lines within a list or group begin with a blank. Entries with `established`, and those with a source port only, permit
answers, but no new connection. Other deny entries and protocols, and time ranges, are not supported: each such line is
reported.

https://www.cisco.com/c/en/us/td/docs/routers/ios/config/17-x/sec-vpn/b-security-vpn/m_sec_zbf_ogacl-xe.html

    >>> reading = CiscoIosReader.read('''
    ... ip access-list extended out
    ...  permit tcp 10.0.0.0 0.255.255.255 host 192.0.2.7 eq 443
    ... ipv6 access-list out6
    ...  permit udp any 2001:db8::/32 range 3478 3481
    ... '''.strip())
    >>> [(rule.family, str(rule.ports)) for rule in reading.rules]
    [(4, '443'), (6, '3478-3481')]
    >>> for line in CiscoIosReader.read("ip access-list standard 10").unread:
    ...     print(line)
    line 1: 'standard' is not supported here; expected extended or resequence: ip access-list standard 10
"""

from functools import partial

from perimeter365.audit.packets import RuleEnd, allow_rules
from perimeter365.audit.readers._cisco import Allows, Cisco, Ends, Services, operator, ports_of, protocol
from perimeter365.audit.words import WordStream, netmask, wildcard
from perimeter365.errors import ConfigurationError
from perimeter365.model.ports import PortSet
from perimeter365.model.prefix import Prefix

NETWORK, SERVICE = "object-group network", "object-group service"
STEP = 10


class CiscoIosReader(Cisco):
    """A simulated IOS router."""

    name = "cisco-ios"
    title = "Cisco IOS and IOS XE running configuration"

    def __init__(self) -> None:
        super().__init__()
        self._six: set[str] = set()

    def global_line(self, line: str) -> None:
        """Execute a line of the global configuration."""
        words, no = WordStream(line), False
        if words.next == "no":
            no = words.take("no") == "no"
        kind = words.expect("object-group", "ip", "ipv6")
        if kind == "object-group":
            kind = f"{kind} {words.expect('network', 'service')}"
            name = words.take("a name")
            words.end()
            (self.remove_group if no else self.open_group)(kind, name)
            return
        words.expect("access-list")
        if kind == "ip" and words.expect("extended", "resequence") == "resequence":
            self._resequence(words)
            return
        name = words.take("a name")
        words.end()
        if no:
            self.remove_list(name)
            return
        if name in self._lists and (name in self._six) != (kind == "ipv6"):
            raise ConfigurationError(f"{name} is a list of the other address family")
        (self._six.add if kind == "ipv6" else self._six.discard)(name)
        self._open = partial(self._line, name)

    def _resequence(self, words: WordStream) -> None:
        name = words.take("a name")
        start, step = (int(word) if (word := words.take("a number")).isdecimal() else 0 for _ in range(2))
        words.end()
        if not (start and step):
            raise ConfigurationError("the start and the step are numbers of 1 or more")
        for number, entry in enumerate(self.entries(name)):
            entry.sequence = start + number * step

    def _line(self, name: str, line: str) -> None:
        words = WordStream(line)
        if words.next == "no":
            words.take("no")
            self.remove_entry(name, words.rest)
            return
        if words.next == "sequence":
            words.take("sequence")
        present = self.entries(name)
        number = int(words.take("a number")) if words.next.isdecimal() else 0
        if not words:
            raise ConfigurationError("an entry is missing at the end")
        same = {entry.sequence: entry.line for entry in present}
        if number in same and same[number] != words.rest and words.rest not in same.values():
            raise ConfigurationError(f"{number} is the number of another entry")
        self.add_entry(name, words.rest, number or (present[-1].sequence + STEP if present else STEP))

    def is_last(self, line: str) -> bool:
        """Return whether an entry denies everything."""
        return line in ("deny ip any any", "deny ipv6 any any")

    def network_member(self, kind: str, words: WordStream) -> Ends:
        """Parse `host A`, `A MASK` or `group-object NAME`."""
        word = words.take("an address")
        if word == "group-object":
            made = self.network(NETWORK, words.take("a name"))
            words.end()
            return made
        end = RuleEnd.of(Prefix.parse(words.take("an address")) if word == "host" else netmask(word, words.take("a mask")))
        words.end()
        return lambda: end

    def service_member(self, kind: str, words: WordStream) -> Services:
        """Parse `tcp eq 443`."""
        return ((protocol(words), operator(words)),)

    def entry(self, name: str, words: WordStream) -> Allows | None:
        """Parse `permit …` in the address family of the list.

        The result is None for an entry that permits no connection.
        """
        six = name in self._six
        if words.rest == f"deny {'ipv6' if six else 'ip'} any any":
            return None
        words.expect("permit")
        if words.next == "icmp":
            words.take("icmp")
            self._end(words, six=six), self._end(words, six=six)
            return None
        if not six and words.next == "object-group":
            words.take("object-group")
            services = self.service(SERVICE, words.take("a name"))
            source, destination = self._end(words, six=False), self._end(words, six=False)
            words.end()
            return lambda: (r for kind, ports in services() for r in allow_rules(kind, source(), destination(), ports, (4,)))
        which = protocol(words)
        source = self._end(words, six=six)
        answers = ports_of(words) if words.next in ("eq", "range") else None
        destination = self._end(words, six=six)
        if which == "tcp" and words.next == "established":
            words.take("established")
            answers = PortSet.everything()
        if answers:
            words.end()
            return None
        ports = operator(words) if words else PortSet.everything()
        return lambda: allow_rules(which, source(), destination(), ports, (6,) if six else (4,))

    def _end(self, words: WordStream, *, six: bool) -> Ends:
        word = words.take("an address")
        if word == "any":
            end = RuleEnd.any(6 if six else 4)
        elif word == "host":
            end = _of_family(Prefix.parse(words.take("an address")), six)
        elif word == "object-group" and not six:
            return self.network(NETWORK, words.take("a name"))
        else:
            end = _of_family(Prefix.parse(word) if six else wildcard(word, words.take("a wildcard mask")), six)
        return lambda: end


def _of_family(prefix: Prefix, six: bool) -> RuleEnd:
    """Return a prefix as an end, after checking its family."""
    if (prefix.family == 6) != six:
        raise ConfigurationError(f"{prefix} has another address family than its list")
    return RuleEnd.of(prefix)
