# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile e3ad4c9ddefa; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# No rule: it removes the rules of earlier plans.
# Not in it: 10 of 14 requirements. losses.json says which, and why.
# First: run it on one machine; no script changes the default of a direction, or a rule of another group
# Install (Windows PowerShell of each machine, as administrator, with the script of each of its roles):
#   powershell -ExecutionPolicy Bypass -File proxy-connector.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 proxy-connector'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
$keep = @(
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
