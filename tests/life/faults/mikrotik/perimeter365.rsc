# MikroTik RouterOS for Contoso
# Made by perimeter365 for profile 56029930e454; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Load with: /import perimeter365.rsc
:foreach i in=[/ip firewall address-list find dynamic=no comment~"^m365 "] do={ /ip firewall address-list set $i comment=("old " . [/ip firewall address-list get $i comment]) }
:foreach i in=[/ipv6 firewall address-list find dynamic=no comment~"^m365 "] do={ /ipv6 firewall address-list set $i comment=("old " . [/ipv6 firewall address-list get $i comment]) }
:foreach i in=[/ip firewall filter find dynamic=no comment~"^m365 "] do={ /ip firewall filter set $i comment=("old " . [/ip firewall filter get $i comment]) }
:foreach i in=[/ipv6 firewall filter find dynamic=no comment~"^m365 "] do={ /ipv6 firewall filter set $i comment=("old " . [/ipv6 firewall filter get $i comment]) }
:local entry4 do={
  :local f [/ip firewall address-list find list=$l comment="old m365 $a"]
  :if ([:len $f] > 0) do={ /ip firewall address-list set $f comment="m365 $a" }
  :if ([:len $f] = 0) do={ /ip firewall address-list add list=$l comment="m365 $a" address=$a }
}
:local missing4 do={
  :local f [/ip firewall filter find chain=m365 comment="old m365 $c"]
  :if ([:len $f] > 0) do={ /ip firewall filter set $f comment="m365 $c" }
  :return ([:len $f] = 0)
}
:local entry6 do={
  :local f [/ipv6 firewall address-list find list=$l comment="old m365 $a"]
  :if ([:len $f] > 0) do={ /ipv6 firewall address-list set $f comment="m365 $a" }
  :if ([:len $f] = 0) do={ /ipv6 firewall address-list add list=$l comment="m365 $a" address=$a }
}
:local missing6 do={
  :local f [/ipv6 firewall filter find chain=m365 comment="old m365 $c"]
  :if ([:len $f] > 0) do={ /ipv6 firewall filter set $f comment="m365 $c" }
  :return ([:len $f] = 0)
}
$entry4 l="m365-client-v4" a="10.0.0.0/8"
$entry4 l="m365-ws-worldwide-1-v4" a="13.107.6.152/31"
$entry4 l="m365-ws-worldwide-1-v4" a="13.107.18.10/31"
$entry4 l="m365-ws-worldwide-1-v4" a="13.107.128.0/22"
$entry4 l="m365-ws-worldwide-1-v4" a="23.103.160.0/20"
$entry4 l="m365-ws-worldwide-1-v4" a="40.96.0.0/13"
$entry4 l="m365-ws-worldwide-1-v4" a="40.104.0.0/15"
$entry4 l="m365-ws-worldwide-1-v4" a="52.96.0.0/14"
$entry4 l="m365-ws-worldwide-1-v4" a="131.253.33.215"
$entry4 l="m365-ws-worldwide-1-v4" a="132.245.0.0/16"
$entry4 l="m365-ws-worldwide-1-v4" a="150.171.32.0/22"
$entry4 l="m365-ws-worldwide-1-v4" a="204.79.197.215"
$entry4 l="m365-row-24-web-probe-worldwide-hosts-v4" a="www.msftconnecttest.com"
$entry4 l="m365-row-24-web-probe-before-1607-worldwide-hosts-v4" a="www.msftncsi.com"
$entry4 l="m365-row-24-web-probe-ipv6-worldwide-hosts-v4" a="ipv6.msftconnecttest.com"
$entry4 l="m365-row-24-web-probe-ipv6-before-1607-worldwide-hosts-v4" a="ipv6.msftncsi.com"
:if ([$missing4 c="a18f63f0 row/24/web-probe worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 a18f63f0 row/24/web-probe worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4" dst-address-list="m365-row-24-web-probe-worldwide-hosts-v4" }
:if ([$missing4 c="a4fe7ef2 row/24/web-probe-before-1607 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 a4fe7ef2 row/24/web-probe-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4" dst-address-list="m365-row-24-web-probe-before-1607-worldwide-hosts-v4" }
:if ([$missing4 c="fe9462fb row/24/web-probe-ipv6 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 fe9462fb row/24/web-probe-ipv6 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4" dst-address-list="m365-row-24-web-probe-ipv6-worldwide-hosts-v4" }
:if ([$missing4 c="6647f184 row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 6647f184 row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4" dst-address-list="m365-row-24-web-probe-ipv6-before-1607-worldwide-hosts-v4" }
:if ([$missing4 c="d49b90f7 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="m365 d49b90f7 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-1-v4" }
:if ([$missing4 c="ee947bb7 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="m365 ee947bb7 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-1-v4" }
/ipv6 firewall filter remove [find comment~"^old m365 "]
/ip firewall filter remove [find comment~"^old m365 "]
/ipv6 firewall address-list remove [find comment~"^old m365 "]
/ip firewall address-list remove [find comment~"^old m365 "]
