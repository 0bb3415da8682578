# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile e3ad4c9ddefa; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 10 of 14 requirements. losses.json says which, and why.
# First: run it on one machine; no script changes the default of a direction, or a rule of another group
# Install (Windows PowerShell of each machine, as administrator, with the script of each of its roles):
#   powershell -ExecutionPolicy Bypass -File client.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 client'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-24-dns-probe-worldwide-tcp-out-f997a4c9') { New-NetFirewallRule @store -Group $group -Name 'm365-row-24-dns-probe-worldwide-tcp-out-f997a4c9' -DisplayName 'Microsoft 365 row/24/dns-probe' -Description 'row/24/dns-probe worldwide ncsi internal' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '53' -LocalAddress '10.0.0.0/8','2001:db8:c::/48' -RemoteAddress '10.0.0.53/32','2001:db8:c::53/128' | Out-Null }
if ($have -notcontains 'm365-row-24-dns-probe-worldwide-udp-out-ea194fa7') { New-NetFirewallRule @store -Group $group -Name 'm365-row-24-dns-probe-worldwide-udp-out-ea194fa7' -DisplayName 'Microsoft 365 row/24/dns-probe' -Description 'row/24/dns-probe worldwide ncsi internal' -Direction Outbound -Action Allow -Protocol UDP -RemotePort '53' -LocalAddress '10.0.0.0/8','2001:db8:c::/48' -RemoteAddress '10.0.0.53/32','2001:db8:c::53/128' | Out-Null }
if ($have -notcontains 'm365-ws-worldwide-1-tcp-out-053439e7') { New-NetFirewallRule @store -Group $group -Name 'm365-ws-worldwide-1-tcp-out-053439e7' -DisplayName 'Microsoft 365 ws/worldwide/1' -Description 'ws/worldwide/1 worldwide exchange outbound optimize' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '80','443' -LocalAddress '10.0.0.0/8','2001:db8:c::/48' -RemoteAddress '13.107.6.152/31','13.107.18.10/31','13.107.128.0/22','23.103.160.0/20','40.96.0.0/13','40.104.0.0/15','52.96.0.0/14','131.253.33.215/32','132.245.0.0/16','150.171.32.0/22','204.79.197.215/32','2603:1006::/40','2603:1016::/36','2603:1026::/36','2603:1036::/36','2603:1046::/36','2603:1056::/36','2620:1ec:4::152/127','2620:1ec:c::10/127','2620:1ec:d::10/127','2620:1ec:8f0::/46','2620:1ec:900::/46','2620:1ec:a92::152/127' | Out-Null }
if ($have -notcontains 'm365-ws-worldwide-1-udp-out-4d5037be') { New-NetFirewallRule @store -Group $group -Name 'm365-ws-worldwide-1-udp-out-4d5037be' -DisplayName 'Microsoft 365 ws/worldwide/1' -Description 'ws/worldwide/1 worldwide exchange outbound optimize' -Direction Outbound -Action Allow -Protocol UDP -RemotePort '443' -LocalAddress '10.0.0.0/8','2001:db8:c::/48' -RemoteAddress '13.107.6.152/31','13.107.18.10/31','13.107.128.0/22','23.103.160.0/20','40.96.0.0/13','40.104.0.0/15','52.96.0.0/14','131.253.33.215/32','132.245.0.0/16','150.171.32.0/22','204.79.197.215/32','2603:1006::/40','2603:1016::/36','2603:1026::/36','2603:1036::/36','2603:1046::/36','2603:1056::/36','2620:1ec:4::152/127','2620:1ec:c::10/127','2620:1ec:d::10/127','2620:1ec:8f0::/46','2620:1ec:900::/46','2620:1ec:a92::152/127' | Out-Null }
if ($have -notcontains 'm365-ws-worldwide-11-udp-out-f2141104') { New-NetFirewallRule @store -Group $group -Name 'm365-ws-worldwide-11-udp-out-f2141104' -DisplayName 'Microsoft 365 ws/worldwide/11' -Description 'ws/worldwide/11 worldwide teams outbound optimize' -Direction Outbound -Action Allow -Protocol UDP -RemotePort '3478-3481' -LocalAddress '10.0.0.0/8','2001:db8:c::/48' -RemoteAddress '52.112.0.0/14','52.122.0.0/15','2603:1063::/38' | Out-Null }
$keep = @(
    'm365-row-24-dns-probe-worldwide-tcp-out-f997a4c9',
    'm365-row-24-dns-probe-worldwide-udp-out-ea194fa7',
    'm365-ws-worldwide-1-tcp-out-053439e7',
    'm365-ws-worldwide-1-udp-out-4d5037be',
    'm365-ws-worldwide-11-udp-out-f2141104'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
