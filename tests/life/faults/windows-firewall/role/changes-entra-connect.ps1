# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 000000000000; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Changes since catalog worldwide 2026080200 (recorded), profile 000000000000:
# 1 to add, then 0 to remove. Load with: powershell -ExecutionPolicy Bypass -File changes-entra-connect.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 entra-connect'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-6-x-worldwide-tcp-out-2b4cbe65') { New-NetFirewallRule @store -Group $group -Name 'm365-row-6-x-worldwide-tcp-out-2b4cbe65' -DisplayName 'Microsoft 365 row/6/x' -Description 'row/6/x worldwide mailbox-migration outbound' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '443' -LocalAddress '10.9.0.20/32' -RemoteAddress '40.96.0.0/13' | Out-Null }
