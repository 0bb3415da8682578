# MikroTik RouterOS for Contoso
# Made by perimeter365 for profile e3ad4c9ddefa; do not edit, render it again.
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
$entry4 l="m365-ws-worldwide-11-v4" a="52.112.0.0/14"
$entry4 l="m365-ws-worldwide-11-v4" a="52.122.0.0/15"
$entry4 l="m365-mrs-proxy-v4" a="203.0.113.10"
$entry4 l="m365-hybrid-wizard-host-v4" a="10.1.2.3"
$entry4 l="m365-resolver-v4" a="10.0.0.53"
$entry4 l="m365-row-9-wizard-download-worldwide-hosts-v4" a="shcwreleaseprod.blob.core.windows.net"
$entry4 l="m365-row-9-wizard-for-exchange-2010-worldwide-hosts-v4" a="domains.live.com"
$entry4 l="m365-row-9-wizard-short-link-worldwide-hosts-v4" a="aka.ms"
$entry4 l="m365-row-9-wizard-to-services-worldwide-hosts-v4" a="asl.configure.office.com"
$entry4 l="m365-row-9-wizard-to-services-worldwide-hosts-v4" a="mshybridservice.trafficmanager.net"
$entry4 l="m365-row-9-wizard-to-services-worldwide-hosts-v4" a="tds.configure.office.com"
$entry4 l="m365-row-24-web-probe-worldwide-hosts-v4" a="www.msftconnecttest.com"
$entry4 l="m365-row-24-web-probe-before-1607-worldwide-hosts-v4" a="www.msftncsi.com"
$entry4 l="m365-row-24-web-probe-ipv6-worldwide-hosts-v4" a="ipv6.msftconnecttest.com"
$entry4 l="m365-row-24-web-probe-ipv6-before-1607-worldwide-hosts-v4" a="ipv6.msftncsi.com"
$entry6 l="m365-client-v6" a="2001:db8:c::/48"
$entry6 l="m365-ws-worldwide-1-v6" a="2603:1006::/40"
$entry6 l="m365-ws-worldwide-1-v6" a="2603:1016::/36"
$entry6 l="m365-ws-worldwide-1-v6" a="2603:1026::/36"
$entry6 l="m365-ws-worldwide-1-v6" a="2603:1036::/36"
$entry6 l="m365-ws-worldwide-1-v6" a="2603:1046::/36"
$entry6 l="m365-ws-worldwide-1-v6" a="2603:1056::/36"
$entry6 l="m365-ws-worldwide-1-v6" a="2620:1ec:4::152/127"
$entry6 l="m365-ws-worldwide-1-v6" a="2620:1ec:c::10/127"
$entry6 l="m365-ws-worldwide-1-v6" a="2620:1ec:d::10/127"
$entry6 l="m365-ws-worldwide-1-v6" a="2620:1ec:8f0::/46"
$entry6 l="m365-ws-worldwide-1-v6" a="2620:1ec:900::/46"
$entry6 l="m365-ws-worldwide-1-v6" a="2620:1ec:a92::152/127"
$entry6 l="m365-ws-worldwide-11-v6" a="2603:1063::/38"
$entry6 l="m365-mrs-proxy-v6" a="2001:db8:e::10/128"
$entry6 l="m365-resolver-v6" a="2001:db8:c::53/128"
$entry6 l="m365-row-24-web-probe-worldwide-hosts-v6" a="www.msftconnecttest.com"
$entry6 l="m365-row-24-web-probe-before-1607-worldwide-hosts-v6" a="www.msftncsi.com"
$entry6 l="m365-row-24-web-probe-ipv6-worldwide-hosts-v6" a="ipv6.msftconnecttest.com"
$entry6 l="m365-row-24-web-probe-ipv6-before-1607-worldwide-hosts-v6" a="ipv6.msftncsi.com"
:if ([$missing4 c="95cf46bc row/6/mrs-proxy worldwide mailbox-migration inbound"]) do={ /ip firewall filter add chain=m365 comment="m365 95cf46bc row/6/mrs-proxy worldwide mailbox-migration inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v4" dst-address-list="m365-mrs-proxy-v4" }
:if ([$missing6 c="3aeb336c row/6/mrs-proxy worldwide mailbox-migration inbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 3aeb336c row/6/mrs-proxy worldwide mailbox-migration inbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-ws-worldwide-1-v6" dst-address-list="m365-mrs-proxy-v6" }
:if ([$missing4 c="68607943 row/9/wizard-download worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 68607943 row/9/wizard-download worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4" dst-address-list="m365-row-9-wizard-download-worldwide-hosts-v4" }
:if ([$missing4 c="36b95224 row/9/wizard-for-exchange-2010 worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 36b95224 row/9/wizard-for-exchange-2010 worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-hybrid-wizard-host-v4" dst-address-list="m365-row-9-wizard-for-exchange-2010-worldwide-hosts-v4" }
:if ([$missing4 c="f6f4fade row/9/wizard-short-link worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 f6f4fade row/9/wizard-short-link worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4" dst-address-list="m365-row-9-wizard-short-link-worldwide-hosts-v4" }
:if ([$missing4 c="7210be6b row/9/wizard-to-services worldwide hybrid-configuration-wizard outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 7210be6b row/9/wizard-to-services worldwide hybrid-configuration-wizard outbound" action=accept protocol=tcp dst-port=443 src-address-list="m365-hybrid-wizard-host-v4" dst-address-list="m365-row-9-wizard-to-services-worldwide-hosts-v4" }
:if ([$missing4 c="534441d3 row/24/dns-probe worldwide ncsi internal"]) do={ /ip firewall filter add chain=m365 comment="m365 534441d3 row/24/dns-probe worldwide ncsi internal" action=accept protocol=tcp dst-port=53 src-address-list="m365-client-v4" dst-address-list="m365-resolver-v4" }
:if ([$missing4 c="05bef97e row/24/dns-probe worldwide ncsi internal"]) do={ /ip firewall filter add chain=m365 comment="m365 05bef97e row/24/dns-probe worldwide ncsi internal" action=accept protocol=udp dst-port=53 src-address-list="m365-client-v4" dst-address-list="m365-resolver-v4" }
:if ([$missing6 c="a112ded4 row/24/dns-probe worldwide ncsi internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 a112ded4 row/24/dns-probe worldwide ncsi internal" action=accept protocol=tcp dst-port=53 src-address-list="m365-client-v6" dst-address-list="m365-resolver-v6" }
:if ([$missing6 c="f7e86679 row/24/dns-probe worldwide ncsi internal"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 f7e86679 row/24/dns-probe worldwide ncsi internal" action=accept protocol=udp dst-port=53 src-address-list="m365-client-v6" dst-address-list="m365-resolver-v6" }
:if ([$missing4 c="a18f63f0 row/24/web-probe worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 a18f63f0 row/24/web-probe worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4" dst-address-list="m365-row-24-web-probe-worldwide-hosts-v4" }
:if ([$missing6 c="24ffc7d3 row/24/web-probe worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 24ffc7d3 row/24/web-probe worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6" dst-address-list="m365-row-24-web-probe-worldwide-hosts-v6" }
:if ([$missing4 c="a4fe7ef2 row/24/web-probe-before-1607 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 a4fe7ef2 row/24/web-probe-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4" dst-address-list="m365-row-24-web-probe-before-1607-worldwide-hosts-v4" }
:if ([$missing6 c="8326d887 row/24/web-probe-before-1607 worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 8326d887 row/24/web-probe-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6" dst-address-list="m365-row-24-web-probe-before-1607-worldwide-hosts-v6" }
:if ([$missing4 c="fe9462fb row/24/web-probe-ipv6 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 fe9462fb row/24/web-probe-ipv6 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4" dst-address-list="m365-row-24-web-probe-ipv6-worldwide-hosts-v4" }
:if ([$missing6 c="0d50ce88 row/24/web-probe-ipv6 worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 0d50ce88 row/24/web-probe-ipv6 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6" dst-address-list="m365-row-24-web-probe-ipv6-worldwide-hosts-v6" }
:if ([$missing4 c="6647f184 row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound"]) do={ /ip firewall filter add chain=m365 comment="m365 6647f184 row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v4" dst-address-list="m365-row-24-web-probe-ipv6-before-1607-worldwide-hosts-v4" }
:if ([$missing6 c="c3837da4 row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 c3837da4 row/24/web-probe-ipv6-before-1607 worldwide ncsi outbound" action=accept protocol=tcp dst-port=80 src-address-list="m365-client-v6" dst-address-list="m365-row-24-web-probe-ipv6-before-1607-worldwide-hosts-v6" }
:if ([$missing4 c="d49b90f7 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="m365 d49b90f7 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-1-v4" }
:if ([$missing4 c="ee947bb7 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="m365 ee947bb7 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-1-v4" }
:if ([$missing6 c="b2fd82b1 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 b2fd82b1 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=tcp dst-port=80,443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-1-v6" }
:if ([$missing6 c="88f269f1 ws/worldwide/1 worldwide exchange outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 88f269f1 ws/worldwide/1 worldwide exchange outbound optimize" action=accept protocol=udp dst-port=443 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-1-v6" }
:if ([$missing4 c="2e2cbb18 ws/worldwide/11 worldwide teams outbound optimize"]) do={ /ip firewall filter add chain=m365 comment="m365 2e2cbb18 ws/worldwide/11 worldwide teams outbound optimize" action=accept protocol=udp dst-port=3478-3481 src-address-list="m365-client-v4" dst-address-list="m365-ws-worldwide-11-v4" }
:if ([$missing6 c="80478f43 ws/worldwide/11 worldwide teams outbound optimize"]) do={ /ipv6 firewall filter add chain=m365 comment="m365 80478f43 ws/worldwide/11 worldwide teams outbound optimize" action=accept protocol=udp dst-port=3478-3481 src-address-list="m365-client-v6" dst-address-list="m365-ws-worldwide-11-v6" }
/ipv6 firewall filter remove [find comment~"^old m365 "]
/ip firewall filter remove [find comment~"^old m365 "]
/ipv6 firewall address-list remove [find comment~"^old m365 "]
/ip firewall address-list remove [find comment~"^old m365 "]
