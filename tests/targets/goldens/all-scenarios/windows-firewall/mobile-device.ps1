# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File mobile-device.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 mobile-device'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-25-apple-devices-to-apple-worldwide-tcp-out-d49fa586') { New-NetFirewallRule @store -Group $group -Name 'm365-row-25-apple-devices-to-apple-worldwide-tcp-out-d49fa586' -DisplayName 'Microsoft 365 row/25/apple-devices-to-apple' -Description 'row/25/apple-devices-to-apple worldwide teams-mobile-push outbound' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '443','5223' -LocalAddress '10.200.0.0/16' -RemoteAddress '17.0.0.0/8' | Out-Null }
$keep = @(
    'm365-row-25-apple-devices-to-apple-worldwide-tcp-out-d49fa586'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
