# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 89 of 176 requirements, and parts of 10. losses.json says which, and why.
# First: run it on one machine; no script changes the default of a direction, or a rule of another group
# Install (Windows PowerShell of each machine, as administrator, with the script of each of its roles):
#   powershell -ExecutionPolicy Bypass -File health-agent.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 health-agent'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-19-health-agent-to-service-worldwide-tcp-out-39bc7e85') { New-NetFirewallRule @store -Group $group -Name 'm365-row-19-health-agent-to-service-worldwide-tcp-out-39bc7e85' -DisplayName 'Microsoft 365 row/19/health-agent-to-service' -Description 'row/19/health-agent-to-service worldwide entra-connect outbound' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '443' -LocalAddress '203.0.113.18/32','2001:db8:e::18/128' -RemoteAddress '20.20.32.0/19','20.190.128.0/18','20.231.128.0/19','40.126.0.0/18','2603:1006:2000::/48','2603:1007:200::/48','2603:1016:1400::/48','2603:1017::/48','2603:1026:3000::/48','2603:1027:1::/48','2603:1036:3000::/48','2603:1037:1::/48','2603:1046:2000::/48','2603:1047:1::/48','2603:1056:2000::/48','2603:1057:2::/48' | Out-Null }
$keep = @(
    'm365-row-19-health-agent-to-service-worldwide-tcp-out-39bc7e85'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
