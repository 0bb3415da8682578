"""nft, iptables and ipset accept valid files and reject invalid ones."""

import subprocess

import pytest

from tests.consumers import iptables, need, nft
from tests.consumers.refusal import Refused

RULES = """
table inet perimeter365_harness {
  set teams { type ipv4_addr; flags interval; elements = { 52.112.0.0/14, 52.122.0.0/15 } }
  chain forward { type filter hook forward priority filter; ip daddr @teams udp dport 3478-3481 accept; }
}
"""
TABLES = "*filter\n-A FORWARD -p tcp -m set --match-set teams dst -m multiport --dports 80,443 -j ACCEPT\nCOMMIT\n"
SETS = "create teams hash:net family inet\nadd teams 52.112.0.0/14\n"


def test_nft_accepts_a_valid_file_and_lists_its_rules() -> None:
    nft.check(RULES)
    assert "ip daddr @teams udp dport 3478-3481 accept" in nft.listing(RULES)


@pytest.mark.parametrize(
    ("good", "bad", "words"),
    [
        ("accept;", "accept everything;", "syntax error"),
        ("52.122.0.0/15", "52.112.0.0/15", "conflicting intervals"),
        ("@teams", "@nosuchset", "No such file"),
        ("52.122.0.0/15", "2603:1063::/38", "Address family|invalid|mismatch|resolve"),
    ],
    ids=["syntax", "overlap", "set", "family"],
)
def test_nft_rejects_an_invalid_file(good: str, bad: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        nft.check(RULES.replace(good, bad))


def test_iptables_accepts_valid_tables_with_their_sets() -> None:
    iptables.check(TABLES, TABLES.replace("teams", "teams6"), ipset=SETS + "create teams6 hash:net family inet6\n")


@pytest.mark.parametrize(
    ("tables", "sets"),
    [
        (TABLES.replace("ACCEPT", "NOWHERE"), SETS),
        (TABLES.replace("COMMIT\n", ""), SETS),
        (TABLES, SETS.replace("create teams ", "create others ").replace("add teams ", "add others ")),
        (TABLES, SETS + "add teams 52.112.0.0/14\n"),
        (TABLES.replace("80,443", "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16"), SETS),
    ],
    ids=["target", "no commit", "no set", "twice in a set", "sixteen ports"],
)
def test_iptables_and_ipset_reject_an_invalid_file(tables: str, sets: str) -> None:
    with pytest.raises(Refused):
        iptables.check(tables, ipset=sets)


def test_ip6tables_rejects_an_ipv4_address() -> None:
    with pytest.raises(Refused):
        iptables.check(ipv6="*filter\n-A FORWARD -s 52.112.0.0/14 -j ACCEPT\nCOMMIT\n")


def test_nothing_is_loaded_on_this_machine() -> None:
    nft.listing(RULES)
    listed = subprocess.run([need("nft"), "list", "tables"], capture_output=True, text=True, timeout=30)
    assert "perimeter365_harness" not in listed.stdout
