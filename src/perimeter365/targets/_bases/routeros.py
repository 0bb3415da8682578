"""RouterOS scripts that can be run again, also after an interruption.

    mark_lines       put "old " before the comments of all entries of ours
    functions        $entry4 l=LIST a=ADDRESS adds an entry or removes its mark; $missing4 c=COMMENT does so for a rule, and
                     tells whether it has to be added
    removal_lines    remove what is still marked
    jump_lines       add the jump from the chain `forward`, unless there is one

An entry is ours if it is in one of our lists or in our chain, and if its comment starts with our mark: an administrator may
have entries of the same list or chain, and comments that start with the same word. No expression contains `$` or `?`, which
are special in texts of RouterOS.
"""

from collections.abc import Iterator, Mapping

OLD = "old "
LISTS = {4: "/ip firewall address-list", 6: "/ipv6 firewall address-list"}
FILTERS = {4: "/ip firewall filter", 6: "/ipv6 firewall filter"}
FUNCTIONS = (
    ":local entry{n} do={{",
    '  :local f [{lists} find list=$l comment="old {mark}$a"]',
    '  :if ([:len $f] > 0) do={{ {lists} set $f comment="{mark}$a" }}',
    '  :if ([:len $f] = 0) do={{ {lists} add list=$l comment="{mark}$a" address=$a }}',
    "}}",
    ":local missing{n} do={{",
    '  :local f [{filters} find chain={chain} comment="old {mark}$c"]',
    '  :if ([:len $f] > 0) do={{ {filters} set $f comment="{mark}$c" }}',
    "  :return ([:len $f] = 0)",
    "}}",
)
"""The script's functions: add an entry or remove its mark; check whether a rule is missing, or remove its mark."""
JUMP = (
    ':local last{n} ""',
    ":foreach i in=[{filters} find {refuses}] do={{ :set last{n} $i }}",
    ":if ([:len [{filters} find jump-target={chain}]] = 0) do={{",
    "  :if ([:len [{filters} find {refuses}]] = 0) do={{",
    "    {filters} add {rule}",
    "  }} else={{",
    "    {filters} add {rule} place-before=$last{n}",
    "  }}",
    "}}",
)
"""The script that adds the jump, for one IP version."""
REFUSES = 'chain=forward dynamic=no action~"^(drop|reject)"'
"""The rules that refuse packets. The last one refuses the rest; the default configuration first drops invalid packets."""


def mark_lines(ours: Mapping[str, str], mark: str) -> Iterator[str]:
    """Yield the lines that mark all entries as old.

    Args:
        ours: menu -> search expression of our entries.
        mark: the start of their comments.
    """
    for menu, which in ours.items():
        yield (
            f':foreach i in=[{menu} find {which} comment~"^{mark}"] '
            f'do={{ {menu} set $i comment=("{OLD}" . [{menu} get $i comment]) }}'
        )


def functions(chain: str, mark: str) -> Iterator[str]:
    """Yield the lines that define the functions, for both IP versions."""
    for n, filters in FILTERS.items():
        yield from (line.format(n=n, lists=LISTS[n], filters=filters, chain=chain, mark=mark) for line in FUNCTIONS)


def removal_lines(ours: Mapping[str, str], mark: str, former: str) -> Iterator[str]:
    """Yield the lines that remove old entries, rules before the lists that they use.

    Args:
        ours: menu -> search expression of our entries.
        mark: the start of their comments.
        former: the first word of the comments that earlier versions wrote.
    """
    for menu, which in reversed(list(ours.items())):
        yield f'{menu} remove [find {which} comment~"^{OLD}{mark}"]'
        yield f'{menu} remove [find {which} comment~"^({former}|{OLD}{former}) "]'


def jump_lines(chain: str, comment: str) -> Iterator[str]:
    """Yield the lines that add the jump to the chain, for both IP versions.

    The jump goes before the last rule of `forward` that refuses packets.
    """
    rule = f'chain=forward action=jump jump-target={chain} comment="{comment}"'
    for n, filters in FILTERS.items():
        yield from (line.format(n=n, filters=filters, chain=chain, refuses=REFUSES, rule=rule) for line in JUMP)
