# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 89 of 176 requirements, and parts of 10. losses.json says which, and why.
# First: run it on one machine; no script changes the default of a direction, or a rule of another group
# Install (Windows PowerShell of each machine, as administrator, with the script of each of its roles):
#   powershell -ExecutionPolicy Bypass -File resolver.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 resolver'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-dns-resolvers-to-internet-worldwide-tcp-out-37d083aa') { New-NetFirewallRule @store -Group $group -Name 'm365-dns-resolvers-to-internet-worldwide-tcp-out-37d083aa' -DisplayName 'Microsoft 365 dns/resolvers-to-internet' -Description 'dns/resolvers-to-internet worldwide dns outbound, to anyone' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '53' -LocalAddress '10.0.0.53/32','2001:db8:c::53/128' | Out-Null }
if ($have -notcontains 'm365-dns-resolvers-to-internet-worldwide-udp-out-283fc476') { New-NetFirewallRule @store -Group $group -Name 'm365-dns-resolvers-to-internet-worldwide-udp-out-283fc476' -DisplayName 'Microsoft 365 dns/resolvers-to-internet' -Description 'dns/resolvers-to-internet worldwide dns outbound, to anyone' -Direction Outbound -Action Allow -Protocol UDP -RemotePort '53' -LocalAddress '10.0.0.53/32','2001:db8:c::53/128' | Out-Null }
if ($have -notcontains 'm365-row-24-dns-probe-worldwide-tcp-in-26883038') { New-NetFirewallRule @store -Group $group -Name 'm365-row-24-dns-probe-worldwide-tcp-in-26883038' -DisplayName 'Microsoft 365 row/24/dns-probe' -Description 'row/24/dns-probe worldwide ncsi internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '53' -LocalAddress '10.0.0.53/32','2001:db8:c::53/128' -RemoteAddress '10.0.0.0/8','2001:db8:c::/48' | Out-Null }
if ($have -notcontains 'm365-row-24-dns-probe-worldwide-udp-in-c4fb0820') { New-NetFirewallRule @store -Group $group -Name 'm365-row-24-dns-probe-worldwide-udp-in-c4fb0820' -DisplayName 'Microsoft 365 row/24/dns-probe' -Description 'row/24/dns-probe worldwide ncsi internal' -Direction Inbound -Action Allow -Protocol UDP -LocalPort '53' -LocalAddress '10.0.0.53/32','2001:db8:c::53/128' -RemoteAddress '10.0.0.0/8','2001:db8:c::/48' | Out-Null }
$keep = @(
    'm365-dns-resolvers-to-internet-worldwide-tcp-out-37d083aa',
    'm365-dns-resolvers-to-internet-worldwide-udp-out-283fc476',
    'm365-row-24-dns-probe-worldwide-tcp-in-26883038',
    'm365-row-24-dns-probe-worldwide-udp-in-c4fb0820'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
