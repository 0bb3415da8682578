# MikroTik RouterOS for Contoso
# Made by perimeter365 for profile eaec43c40c7d; do not edit, render it again.
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
/ipv6 firewall filter remove [find comment~"^old m365 "]
/ip firewall filter remove [find comment~"^old m365 "]
/ipv6 firewall address-list remove [find comment~"^old m365 "]
/ip firewall address-list remove [find comment~"^old m365 "]
