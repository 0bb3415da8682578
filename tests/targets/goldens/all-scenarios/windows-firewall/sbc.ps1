# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File sbc.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 sbc'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-14-direct-routing-media-out-worldwide-udp-out-834f11df') { New-NetFirewallRule @store -Group $group -Name 'm365-row-14-direct-routing-media-out-worldwide-udp-out-834f11df' -DisplayName 'Microsoft 365 row/14/direct-routing-media-out' -Description 'row/14/direct-routing-media-out worldwide teams-direct-routing outbound' -Direction Outbound -Action Allow -Protocol UDP -RemotePort '3478-3481','49152-53247' -LocalAddress '203.0.113.25/32' -RemoteAddress '52.112.0.0/14','52.122.0.0/15' | Out-Null }
if ($have -notcontains 'm365-row-14-direct-routing-signaling-out-worldwide-tcp-out-5ab6e7cb') { New-NetFirewallRule @store -Group $group -Name 'm365-row-14-direct-routing-signaling-out-worldwide-tcp-out-5ab6e7cb' -DisplayName 'Microsoft 365 row/14/direct-routing-signaling-out' -Description 'row/14/direct-routing-signaling-out worldwide teams-direct-routing outbound' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '5061' -LocalAddress '203.0.113.25/32' -RemoteAddress '52.112.0.0/14','52.122.0.0/15' | Out-Null }
$keep = @(
    'm365-row-14-direct-routing-media-out-worldwide-udp-out-834f11df',
    'm365-row-14-direct-routing-signaling-out-worldwide-tcp-out-5ab6e7cb'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
