# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 7c58c5c975da; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File resolver.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 resolver'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-24-dns-probe-worldwide-tcp-in-238c50ce') { New-NetFirewallRule @store -Group $group -Name 'm365-row-24-dns-probe-worldwide-tcp-in-238c50ce' -DisplayName 'Microsoft 365 row/24/dns-probe' -Description 'row/24/dns-probe worldwide ncsi internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '53' -LocalAddress '10.0.0.53/32' -RemoteAddress '10.0.0.0/8' | Out-Null }
if ($have -notcontains 'm365-row-24-dns-probe-worldwide-udp-in-35c5bde0') { New-NetFirewallRule @store -Group $group -Name 'm365-row-24-dns-probe-worldwide-udp-in-35c5bde0' -DisplayName 'Microsoft 365 row/24/dns-probe' -Description 'row/24/dns-probe worldwide ncsi internal' -Direction Inbound -Action Allow -Protocol UDP -LocalPort '53' -LocalAddress '10.0.0.53/32' -RemoteAddress '10.0.0.0/8' | Out-Null }
$keep = @(
    'm365-row-24-dns-probe-worldwide-tcp-in-238c50ce',
    'm365-row-24-dns-probe-worldwide-udp-in-35c5bde0'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
