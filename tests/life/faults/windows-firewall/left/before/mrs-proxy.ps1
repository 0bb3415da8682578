# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile dd56861d500f; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File mrs-proxy.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 mrs-proxy'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-6-mrs-proxy-worldwide-tcp-in-3c9ac1e9') { New-NetFirewallRule @store -Group $group -Name 'm365-row-6-mrs-proxy-worldwide-tcp-in-3c9ac1e9' -DisplayName 'Microsoft 365 row/6/mrs-proxy' -Description 'row/6/mrs-proxy worldwide mailbox-migration inbound' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '443' -LocalAddress '10.9.0.10/32' -RemoteAddress '13.107.6.152/31','13.107.18.10/31','13.107.128.0/22','23.103.160.0/20','40.96.0.0/13','40.104.0.0/15','52.96.0.0/14','131.253.33.215/32','132.245.0.0/16','150.171.32.0/22','204.79.197.215/32' | Out-Null }
$keep = @(
    'm365-row-6-mrs-proxy-worldwide-tcp-in-3c9ac1e9'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
