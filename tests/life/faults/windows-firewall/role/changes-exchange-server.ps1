# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 000000000000; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Changes since catalog worldwide 2026080200 (recorded), profile 000000000000:
# 0 to add, then 1 to remove. Load with: powershell -ExecutionPolicy Bypass -File changes-exchange-server.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 exchange-server'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -contains 'm365-row-6-x-worldwide-tcp-out-2b4cbe65') { Remove-NetFirewallRule @store -Name 'm365-row-6-x-worldwide-tcp-out-2b4cbe65' }
