# MikroTik RouterOS for Contoso
# Made by perimeter365 for profile e3ad4c9ddefa; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 2 of 14 requirements, and parts of 1. losses.json says which, and why.
# Besides: a rule for a name also permits the other sites at the addresses of that name
# First: nothing is permitted before the last line of the installation, the jump; print the rules before it
# Install (terminal of the router, with the files uploaded to it):
#   /import perimeter365.rsc
#   /import jump.rsc
:foreach i in=[/ip firewall address-list find dynamic=no list~"^m365-" comment~"^p365: "] do={ /ip firewall address-list set $i comment=("old " . [/ip firewall address-list get $i comment]) }
:foreach i in=[/ipv6 firewall address-list find dynamic=no list~"^m365-" comment~"^p365: "] do={ /ipv6 firewall address-list set $i comment=("old " . [/ipv6 firewall address-list get $i comment]) }
:foreach i in=[/ip firewall filter find chain=m365 comment~"^p365: "] do={ /ip firewall filter set $i comment=("old " . [/ip firewall filter get $i comment]) }
:foreach i in=[/ipv6 firewall filter find chain=m365 comment~"^p365: "] do={ /ipv6 firewall filter set $i comment=("old " . [/ipv6 firewall filter get $i comment]) }
:local entry4 do={
  :local f [/ip firewall address-list find list=$l comment="old p365: $a"]
  :if ([:len $f] > 0) do={ /ip firewall address-list set $f comment="p365: $a" }
  :if ([:len $f] = 0) do={ /ip firewall address-list add list=$l comment="p365: $a" address=$a }
}
:local missing4 do={
  :local f [/ip firewall filter find chain=m365 comment="old p365: $c"]
  :if ([:len $f] > 0) do={ /ip firewall filter set $f comment="p365: $c" }
  :return ([:len $f] = 0)
}
:local entry6 do={
  :local f [/ipv6 firewall address-list find list=$l comment="old p365: $a"]
  :if ([:len $f] > 0) do={ /ipv6 firewall address-list set $f comment="p365: $a" }
  :if ([:len $f] = 0) do={ /ipv6 firewall address-list add list=$l comment="p365: $a" address=$a }
}
:local missing6 do={
  :local f [/ipv6 firewall filter find chain=m365 comment="old p365: $c"]
  :if ([:len $f] > 0) do={ /ipv6 firewall filter set $f comment="p365: $c" }
  :return ([:len $f] = 0)
}
$entry4 l="m365-client-v4-93997fe8" a="10.0.0.0/8"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="13.107.6.152/31"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="13.107.18.10/31"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="13.107.128.0/22"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="23.103.160.0/20"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="40.96.0.0/13"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="40.104.0.0/15"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="52.96.0.0/14"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="131.253.33.215"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="132.245.0.0/16"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="150.171.32.0/22"
$entry4 l="m365-ws-worldwide-1-v4-95cb0103" a="204.79.197.215"
$entry4 l="m365-ws-worldwide-11-v4-36bc972e" a="52.112.0.0/14"
$entry4 l="m365-ws-worldwide-11-v4-36bc972e" a="52.122.0.0/15"
$entry4 l="m365-mrs-proxy-v4-631f0814" a="203.0.113.10"
$entry4 l="m365-hybrid-wizard-host-v4-8e099943" a="10.1.2.3"
$entry4 l="m365-resolver-v4-6c66ff9d" a="10.0.0.53"
$entry4 l="m365-row-9-wizard-download-worldwide-hosts-v4-b041953a" a="shcwreleaseprod.blob.core.windows.net"
$entry4 l="m365-row-9-wizard-for-exchange-2010-worldwide-hosts-v4-e0b8e68f" a="domains.live.com"
$entry4 l="m365-row-9-wizard-short-link-worldwide-hosts-v4-ea045d37" a="aka.ms"
$entry4 l="m365-row-9-wizard-to-services-worldwide-hosts-v4-def064bc" a="asl.configure.office.com"
$entry4 l="m365-row-9-wizard-to-services-worldwide-hosts-v4-def064bc" a="mshybridservice.trafficmanager.net"
$entry4 l="m365-row-9-wizard-to-services-worldwide-hosts-v4-def064bc" a="tds.configure.office.com"
$entry4 l="m365-row-24-web-probe-worldwide-hosts-v4-28b49d4c" a="www.msftconnecttest.com"
$entry4 l="m365-row-24-web-probe-before-1607-worldwide-hosts-v4-3df62668" a="www.msftncsi.com"
$entry4 l="m365-row-24-web-probe-ipv6-worldwide-hosts-v4-3aae974f" a="ipv6.msftconnecttest.com"
$entry4 l="m365-row-24-web-probe-ipv6-before-1607-worldw-hosts-v4-93b5d41a" a="ipv6.msftncsi.com"
$entry6 l="m365-client-v6-e36521b0" a="2001:db8:c::/48"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2603:1006::/40"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2603:1016::/36"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2603:1026::/36"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2603:1036::/36"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2603:1046::/36"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2603:1056::/36"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2620:1ec:4::152/127"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2620:1ec:c::10/127"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2620:1ec:d::10/127"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2620:1ec:8f0::/46"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2620:1ec:900::/46"
$entry6 l="m365-ws-worldwide-1-v6-484b41de" a="2620:1ec:a92::152/127"
$entry6 l="m365-ws-worldwide-11-v6-1014cbfc" a="2603:1063::/38"
$entry6 l="m365-mrs-proxy-v6-6aa64f14" a="2001:db8:e::10/128"
$entry6 l="m365-resolver-v6-edc200f5" a="2001:db8:c::53/128"
$entry6 l="m365-row-24-web-probe-worldwide-hosts-v6-28b49d4c" a="www.msftconnecttest.com"
$entry6 l="m365-row-24-web-probe-before-1607-worldwide-hosts-v6-3df62668" a="www.msftncsi.com"
$entry6 l="m365-row-24-web-probe-ipv6-worldwide-hosts-v6-3aae974f" a="ipv6.msftconnecttest.com"
$entry6 l="m365-row-24-web-probe-ipv6-before-1607-worldw-hosts-v6-93b5d41a" a="ipv6.msftncsi.com"
:if ([$missing4 c="df4804dc row/6/mrs-proxy worldwide mailbox-migration inbound"]) do={ /ip firewall filter add chain=m365 comment="p365: df4804dc row/6/mrs-proxy worldwide mailbox-migration inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v4-95cb0103" dst-address-list="m365-mrs-proxy-v4-631f0814" }
:if ([$missing6 c="a17d7ef9 row/6/mrs-proxy worldwide mailbox-migration inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: a17d7ef9 row/6/mrs-proxy worldwide mailbox-migration inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v6-484b41de" dst-address-list="m365-mrs-proxy-v6-6aa64f14" }
:if ([$missing4 c="18e18975 row/9/wizard-download worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 18e18975 row/9/wizard-download worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4-8e099943" dst-address-list="m365-row-9-wizard-download-worldwide-hosts-v4-b041953a" }
:if ([$missing4 c="88596573 row/9/wizard-for-exchange-2010 worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 88596573 row/9/wizard-for-exchange-2010 worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-hybrid-wizard-host-v4-8e099943" dst-address-list="m365-row-9-wizard-for-exchange-2010-worldwide-hosts-v4-e0b8e68f" }
:if ([$missing4 c="9c76f027 row/9/wizard-short-link worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 9c76f027 row/9/wizard-short-link worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4-8e099943" dst-address-list="m365-row-9-wizard-short-link-worldwide-hosts-v4-ea045d37" }
:if ([$missing4 c="1f7c9edd row/9/wizard-to-services worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 1f7c9edd row/9/wizard-to-services worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4-8e099943" dst-address-list="m365-row-9-wizard-to-services-worldwide-hosts-v4-def064bc" }
:if ([$missing4 c="a02ca8a1 row/24/dns-probe worldwide ncsi internal"]) do={ /ip firewall filter add chain=m365 comment="p365: a02ca8a1 row/24/dns-probe worldwide ncsi internal" action=accept protocol=tcp dst-port=53 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-resolver-v4-6c66ff9d" }
:if ([$missing4 c="1e8fc20b row/24/dns-probe worldwide ncsi internal"]) do={ /ip firewall filter add chain=m365 comment="p365: 1e8fc20b row/24/dns-probe worldwide ncsi internal" action=accept protocol=udp dst-port=53 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-resolver-v4-6c66ff9d" }
:if ([$missing6 c="f3db2805 row/24/dns-probe worldwide ncsi internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: f3db2805 row/24/dns-probe worldwide ncsi internal" action=accept protocol=tcp dst-port=53 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-resolver-v6-edc200f5" }
:if ([$missing6 c="4d7842af row/24/dns-probe worldwide ncsi internal"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 4d7842af row/24/dns-probe worldwide ncsi internal" action=accept protocol=udp dst-port=53 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-resolver-v6-edc200f5" }
:if ([$missing4 c="f3f7c70a row/24/web-probe worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: f3f7c70a row/24/web-probe worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-24-web-probe-worldwide-hosts-v4-28b49d4c" }
:if ([$missing6 c="82a9880b row/24/web-probe worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 82a9880b row/24/web-probe worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-24-web-probe-worldwide-hosts-v6-28b49d4c" }
:if ([$missing4 c="5bde461a row/24/web-probe-before-1607 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 5bde461a row/24/web-probe-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-24-web-probe-before-1607-worldwide-hosts-v4-3df62668" }
:if ([$missing6 c="7034ec19 row/24/web-probe-before-1607 worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 7034ec19 row/24/web-probe-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-24-web-probe-before-1607-worldwide-hosts-v6-3df62668" }
:if ([$missing4 c="6575499e row/24/web-probe-ipv6 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: 6575499e row/24/web-probe-ipv6 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-24-web-probe-ipv6-worldwide-hosts-v4-3aae974f" }
:if ([$missing6 c="14a8ffea row/24/web-probe-ipv6 worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 14a8ffea row/24/web-probe-ipv6 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-24-web-probe-ipv6-worldwide-hosts-v6-3aae974f" }
:if ([$missing4 c="b6c189ba row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="p365: b6c189ba row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-row-24-web-probe-ipv6-before-1607-worldw-hosts-v4-93b5d41a" }
:if ([$missing6 c="93dfb7ef row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 93dfb7ef row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-row-24-web-probe-ipv6-before-1607-worldw-hosts-v6-93b5d41a" }
:if ([$missing4 c="2b5c53c3 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="p365: 2b5c53c3 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-1-v4-95cb0103" }
:if ([$missing4 c="c87010a2 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="p365: c87010a2 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-1-v4-95cb0103" }
:if ([$missing6 c="e22cdf98 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: e22cdf98 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-1-v6-484b41de" }
:if ([$missing6 c="01009cf9 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 01009cf9 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-1-v6-484b41de" }
:if ([$missing4 c="a4ad6d7b ws/worldwide/11 worldwide teams outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="p365: a4ad6d7b ws/worldwide/11 worldwide teams outbound optimize" action=accept protocol=udp dst-port=3478-3481 src-address-list="m365-client-v4-93997fe8" dst-address-list="m365-ws-worldwide-11-v4-36bc972e" }
:if ([$missing6 c="58a74f78 ws/worldwide/11 worldwide teams outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="p365: 58a74f78 ws/worldwide/11 worldwide teams outbound optimize" action=accept protocol=udp dst-port=3478-3481 src-address-list="m365-client-v6-e36521b0" dst-address-list="m365-ws-worldwide-11-v6-1014cbfc" }
/ipv6 firewall filter remove [find chain=m365 comment~"^old p365: "]
/ipv6 firewall filter remove [find chain=m365 comment~"^(m365|old m365) "]
/ip firewall filter remove [find chain=m365 comment~"^old p365: "]
/ip firewall filter remove [find chain=m365 comment~"^(m365|old m365) "]
/ipv6 firewall address-list remove [find dynamic=no list~"^m365-" comment~"^old p365: "]
/ipv6 firewall address-list remove [find dynamic=no list~"^m365-" comment~"^(m365|old m365) "]
/ip firewall address-list remove [find dynamic=no list~"^m365-" comment~"^old p365: "]
/ip firewall address-list remove [find dynamic=no list~"^m365-" comment~"^(m365|old m365) "]
