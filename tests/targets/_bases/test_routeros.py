"""Lines of scripts, whose effect tests/life/test_mikrotik.py tries."""

from perimeter365.targets._bases import routeros


def test_rules_are_removed_before_the_lists_that_they_use() -> None:
    ours = {"/ip firewall address-list": 'list~"^m365-"', "/ip firewall filter": "chain=m365"}
    lines = list(routeros.removal_lines(ours, "p365: ", "m365"))
    assert [line.split()[2] for line in lines] == ["filter", "filter", "address-list", "address-list"]


def test_each_line_names_our_chain_or_lists() -> None:
    ours = {"/ip firewall filter": "chain=m365x"}
    lines = [*routeros.mark_lines(ours, "p365x: "), *routeros.removal_lines(ours, "p365x: ", "m365x")]
    assert all("find chain=m365x comment~" in line for line in lines)


def test_the_jump_is_for_both_ip_versions() -> None:
    lines = list(routeros.jump_lines("m365", "p365: jump"))
    assert len(lines) == 2 * len(routeros.JUMP)
    assert sum("place-before" in line for line in lines) == 2
