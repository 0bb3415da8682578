"""The lines of a manual, pasted into a shell in a folder that is not that of the files: nothing changes.

A shell goes on after a line that failed, so each line has to be safe by itself. Programs that change a device are replaced
by one that refuses a file that is not there, and notes everything else that it is told.
"""

import re
import subprocess
from pathlib import Path

import pytest

from perimeter365.errors import OptionError
from perimeter365.targets import targets
from tests.life.shell import Shell

FEEDS = (
    *("paloalto-edl", "fortigate-feed", "checkpoint-network-feed", "checkpoint-gdc", "cisco-si-feed", "sonicwall-deag"),
    *("srx-feed", "url-table-alias"),
)
OTHERS = (
    *("wireguard", "openvpn", "frr", "linux-routes", "pac", "mmdb", "clickhouse-dictionary", "splunk-lookup", "nftables"),
    *("iptables", "ipset", "f5-datagroup", "fortigate"),
)
PROGRAMS = (
    *("vtysh", "ip", "wg-quick", "systemctl", "iptables", "ip6tables", "iptables-restore", "ip6tables-restore", "nft"),
    *("ipset", "clickhouse-client", "tmsh", "ssh"),
)
STUB = """\
#!/bin/sh
for word in "$@"; do
    case "$word" in /*) ;; *.conf|*.batch|*.v[46]|*.nft|*.ipset|*.sql) test -f "$word" || exit 1 ;; esac
done
echo "${0##*/} $*" >> "$NOTED"
"""
PLACES = ("/srv", "/etc/wireguard", "/etc/openvpn", "/usr/share", "/var/lib", "/opt")
TUNNEL = "[Peer]\nAllowedIPs = 0.0.0.0/1 # m365\n"
HARMLESS = re.compile(r"clickhouse-client --query SYSTEM RELOAD DICTIONARY \w+|ip -N -[46] route show .*|ip -batch -")
"""Among them a batch from a pipe: awk has printed nothing, since it has no file."""


@pytest.mark.parametrize("name", [*FEEDS, *OTHERS])
def test_lines_that_are_pasted_in_another_folder_change_nothing(name: str, tmp_path: Path) -> None:
    here, noted, programs = tmp_path / "here", tmp_path / "noted", tmp_path / "bin"
    here.mkdir()
    programs.mkdir()
    noted.touch()
    for program in PROGRAMS:
        (programs / program).write_text(STUB)
        (programs / program).chmod(0o755)
    (here / "private.txt").write_text("not for publication")
    (here / "index.txt").write_text("of something else")
    target = targets[name]()
    assert target.manual
    assert "in the folder of the files" in target.manual.where
    lines = [line for part in ("install", "update", "changes") for line in target.commands(part)]
    with Shell(here, {"NOTED": str(noted), "SPLUNK_HOME": "/opt/splunk", "TMPDIR": str(here)}) as shell:
        for place in PLACES:
            shell.run(f"mkdir -p {place} && mount -t tmpfs tmpfs {place} && touch {place}/own")
        shell.run(
            f"mkdir -p /srv/www/m365/{{{','.join(FEEDS)}}} /opt/splunk/bin /opt/splunk/etc/apps /etc/openvpn/server;"
            f"mkdir -p /usr/share/GeoIP /var/lib/clickhouse/user_files; cp {programs}/ssh /opt/splunk/bin/splunk"
        )
        shell.run(f"for each in {' '.join(FEEDS)}; do echo 192.0.2.0/24 > /srv/www/m365/$each/list.txt; done")
        shell.run(f"printf '{TUNNEL}' > /etc/wireguard/wg0.conf; echo 'port 1194' > /etc/openvpn/server/server.conf")
        look = f"find {' '.join(PLACES)} {here} -type f | sort | xargs sha256sum; find {' '.join(PLACES)} {here}"
        before = shell.run(look)
        pasted = "\n".join([f"PATH={programs}:$PATH", *lines, "true"])
        subprocess.run([*shell._command("bash")], input=pasted, text=True, capture_output=True, check=True,
                       env={**shell._environment})  # fmt: skip
        assert shell.run(look) == before
    assert not [line for line in noted.read_text().splitlines() if not HARMLESS.fullmatch(line)]


@pytest.mark.parametrize(
    ("option", "values"),
    [
        ("anyconnect.policy", ("-rf", "-1", "", "a b")),
        ("globalprotect.gateway", ("-rf", "-1", ".a")),
        ("globalprotect.config", ("-rf", "-1")),
        ("globalprotect.vsys", ("-rf", "-1")),
        ("openvpn.server", ("-rf", "-1")),
        ("wireguard.interface", ("-rf", "-1")),
        *((f"{name}.folder", ("/a/../b", "/..", "/a/.", "/./a", "/a/", "a")) for name in (*FEEDS, "pac")),
    ],
)
def test_values_that_a_program_reads_as_options_or_other_folders_are_rejected(option: str, values: tuple[str, ...]) -> None:
    name, key = option.split(".")
    for value in values:
        with pytest.raises(OptionError):
            targets[name].check_option(key, value)
    targets[name].check_option(key, "/srv/..a/b.c/-d" if key == "folder" else "a-1_b")


def test_an_option_that_no_line_uses_is_not_offered() -> None:
    assert "folder" not in targets["f5-datagroup"].options
    assert "folder" not in targets["zscaler-url-category"].options
