# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 89 of 176 requirements, and parts of 10. losses.json says which, and why.
# First: run it on one machine; no script changes the default of a direction, or a rule of another group
# Install (Windows PowerShell of each machine, as administrator, with the script of each of its roles):
#   powershell -ExecutionPolicy Bypass -File hybrid-agent.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 hybrid-agent'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-11-agent-to-exchange-worldwide-tcp-out-f6aa0768') { New-NetFirewallRule @store -Group $group -Name 'm365-row-11-agent-to-exchange-worldwide-tcp-out-f6aa0768' -DisplayName 'Microsoft 365 row/11/agent-to-exchange' -Description 'row/11/agent-to-exchange worldwide exchange-hybrid-agent internal' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '80','443','5985-5986' -LocalAddress '203.0.113.13/32','2001:db8:e::13/128' -RemoteAddress '203.0.113.10/32','2001:db8:e::10/128' | Out-Null }
$keep = @(
    'm365-row-11-agent-to-exchange-worldwide-tcp-out-f6aa0768'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
