# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 89 of 176 requirements, and parts of 10. losses.json says which, and why.
# First: run it on one machine; no script changes the default of a direction, or a rule of another group
# Install (Windows PowerShell of each machine, as administrator, with the script of each of its roles):
#   powershell -ExecutionPolicy Bypass -File mfa-server.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 mfa-server'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-22-mfa-server-to-service-worldwide-tcp-out-417251b5') { New-NetFirewallRule @store -Group $group -Name 'm365-row-22-mfa-server-to-service-worldwide-tcp-out-417251b5' -DisplayName 'Microsoft 365 row/22/mfa-server-to-service' -Description 'row/22/mfa-server-to-service worldwide mfa-server outbound' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '443' -LocalAddress '203.0.113.22/32' -RemoteAddress '52.159.5.240/28','52.159.7.16/28','52.247.73.160/28','52.250.84.176/28','52.250.85.96/28','52.251.8.48/28','70.37.154.128/25','134.170.116.0/25','134.170.165.0/25' | Out-Null }
$keep = @(
    'm365-row-22-mfa-server-to-service-worldwide-tcp-out-417251b5'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
