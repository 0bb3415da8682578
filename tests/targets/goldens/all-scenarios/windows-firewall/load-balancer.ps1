# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File load-balancer.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 load-balancer'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-4-probe-of-adfs-proxy-worldwide-tcp-out-775dfe2f') { New-NetFirewallRule @store -Group $group -Name 'm365-row-4-probe-of-adfs-proxy-worldwide-tcp-out-775dfe2f' -DisplayName 'Microsoft 365 row/4/probe-of-adfs-proxy' -Description 'row/4/probe-of-adfs-proxy worldwide federation-sts internal' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '80' -LocalAddress '203.0.113.21/32','2001:db8:e::21/128' -RemoteAddress '203.0.113.15/32','2001:db8:e::15/128' | Out-Null }
if ($have -notcontains 'm365-row-4-probe-of-adfs-server-worldwide-tcp-out-5eef7260') { New-NetFirewallRule @store -Group $group -Name 'm365-row-4-probe-of-adfs-server-worldwide-tcp-out-5eef7260' -DisplayName 'Microsoft 365 row/4/probe-of-adfs-server' -Description 'row/4/probe-of-adfs-server worldwide federation-sts internal' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '80' -LocalAddress '203.0.113.21/32','2001:db8:e::21/128' -RemoteAddress '203.0.113.16/32','2001:db8:e::16/128' | Out-Null }
$keep = @(
    'm365-row-4-probe-of-adfs-proxy-worldwide-tcp-out-775dfe2f',
    'm365-row-4-probe-of-adfs-server-worldwide-tcp-out-5eef7260'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
