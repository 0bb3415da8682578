# Windows Defender Firewall for Contoso Defense
# Made by perimeter365 for profile 66b88bb863e1; do not edit, render it again.
# Catalog: gcchigh 2026033100 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File notification-receiver.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 notification-receiver'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-23-graph-to-receiver-gcchigh-tcp-in-0eca198e') { New-NetFirewallRule @store -Group $group -Name 'm365-row-23-graph-to-receiver-gcchigh-tcp-in-0eca198e' -DisplayName 'Microsoft 365 row/23/graph-to-receiver' -Description 'row/23/graph-to-receiver gcchigh graph-change-notifications inbound' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '443' -LocalAddress '203.0.113.30/32' -RemoteAddress '20.140.232.0/23','52.126.194.0/23' | Out-Null }
$keep = @(
    'm365-row-23-graph-to-receiver-gcchigh-tcp-in-0eca198e'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
