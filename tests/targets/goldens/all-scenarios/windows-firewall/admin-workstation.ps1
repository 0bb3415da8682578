# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 89 of 176 requirements, and parts of 10. losses.json says which, and why.
# First: run it on one machine; no script changes the default of a direction, or a rule of another group
# Install (Windows PowerShell of each machine, as administrator, with the script of each of its roles):
#   powershell -ExecutionPolicy Bypass -File admin-workstation.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 admin-workstation'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-1-import-portal-worldwide-tcp-out-69360a4c') { New-NetFirewallRule @store -Group $group -Name 'm365-row-1-import-portal-worldwide-tcp-out-69360a4c' -DisplayName 'Microsoft 365 row/1/import-portal' -Description 'row/1/import-portal worldwide pst-import outbound' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '443' -LocalAddress '10.0.9.0/24','2001:db8:c:9::/64' -RemoteAddress '13.107.6.192/32','13.107.9.192/32','2620:1ec:4::192/128','2620:1ec:a92::192/128' | Out-Null }
$keep = @(
    'm365-row-1-import-portal-worldwide-tcp-out-69360a4c'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
