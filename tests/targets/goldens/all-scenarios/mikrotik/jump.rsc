# MikroTik RouterOS for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 32 of 176 requirements, and parts of 24. losses.json says which, and why.
:local last4 ""
:foreach i in=[/ip firewall filter find chain=forward dynamic=no action~"^(drop|reject)"] do={ :set last4 $i }
:if ([:len [/ip firewall filter find jump-target=m365]] = 0) do={
  :if ([:len [/ip firewall filter find chain=forward dynamic=no action~"^(drop|reject)"]] = 0) do={
    /ip firewall filter add chain=forward action=jump jump-target=m365 comment="p365: jump"
  } else={
    /ip firewall filter add chain=forward action=jump jump-target=m365 comment="p365: jump" place-before=$last4
  }
}
:local last6 ""
:foreach i in=[/ipv6 firewall filter find chain=forward dynamic=no action~"^(drop|reject)"] do={ :set last6 $i }
:if ([:len [/ipv6 firewall filter find jump-target=m365]] = 0) do={
  :if ([:len [/ipv6 firewall filter find chain=forward dynamic=no action~"^(drop|reject)"]] = 0) do={
    /ipv6 firewall filter add chain=forward action=jump jump-target=m365 comment="p365: jump"
  } else={
    /ipv6 firewall filter add chain=forward action=jump jump-target=m365 comment="p365: jump" place-before=$last6
  }
}
