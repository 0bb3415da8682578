# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 7c58c5c975da; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File client.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 client'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-24-dns-probe-worldwide-tcp-out-2c6dc9f0') { New-NetFirewallRule @store -Group $group -Name 'm365-row-24-dns-probe-worldwide-tcp-out-2c6dc9f0' -DisplayName 'Microsoft 365 row/24/dns-probe' -Description 'row/24/dns-probe worldwide ncsi internal' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '53' -LocalAddress '10.0.0.0/8' -RemoteAddress '10.0.0.53/32' | Out-Null }
if ($have -notcontains 'm365-row-24-dns-probe-worldwide-udp-out-f0ad8dd2') { New-NetFirewallRule @store -Group $group -Name 'm365-row-24-dns-probe-worldwide-udp-out-f0ad8dd2' -DisplayName 'Microsoft 365 row/24/dns-probe' -Description 'row/24/dns-probe worldwide ncsi internal' -Direction Outbound -Action Allow -Protocol UDP -RemotePort '53' -LocalAddress '10.0.0.0/8' -RemoteAddress '10.0.0.53/32' | Out-Null }
if ($have -notcontains 'm365-ws-worldwide-11-udp-out-c7229472') { New-NetFirewallRule @store -Group $group -Name 'm365-ws-worldwide-11-udp-out-c7229472' -DisplayName 'Microsoft 365 ws/worldwide/11' -Description 'ws/worldwide/11 worldwide teams outbound optimize' -Direction Outbound -Action Allow -Protocol UDP -RemotePort '3478-3481' -LocalAddress '10.0.0.0/8' -RemoteAddress '52.112.0.0/14','52.122.0.0/15' | Out-Null }
if ($have -notcontains 'm365-ws-worldwide-12-tcp-out-e16d9f2e') { New-NetFirewallRule @store -Group $group -Name 'm365-ws-worldwide-12-tcp-out-e16d9f2e' -DisplayName 'Microsoft 365 ws/worldwide/12' -Description 'ws/worldwide/12 worldwide teams outbound allow' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '80','443' -LocalAddress '10.0.0.0/8' -RemoteAddress '52.112.0.0/14','52.122.0.0/15' | Out-Null }
if ($have -notcontains 'm365-ws-worldwide-12-udp-out-e88c0207') { New-NetFirewallRule @store -Group $group -Name 'm365-ws-worldwide-12-udp-out-e88c0207' -DisplayName 'Microsoft 365 ws/worldwide/12' -Description 'ws/worldwide/12 worldwide teams outbound allow' -Direction Outbound -Action Allow -Protocol UDP -RemotePort '443' -LocalAddress '10.0.0.0/8' -RemoteAddress '52.112.0.0/14','52.122.0.0/15' | Out-Null }
$keep = @(
    'm365-row-24-dns-probe-worldwide-tcp-out-2c6dc9f0',
    'm365-row-24-dns-probe-worldwide-udp-out-f0ad8dd2',
    'm365-ws-worldwide-11-udp-out-c7229472',
    'm365-ws-worldwide-12-tcp-out-e16d9f2e',
    'm365-ws-worldwide-12-udp-out-e88c0207'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
