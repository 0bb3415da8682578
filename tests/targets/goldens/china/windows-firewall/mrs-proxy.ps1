# Windows Defender Firewall for Contoso (China)
# Made by perimeter365 for profile a76443ef8ff4; do not edit, render it again.
# Catalog: china 2024032900 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File mrs-proxy.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 mrs-proxy'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-6-mrs-proxy-china-tcp-in-cc58ea6c') { New-NetFirewallRule @store -Group $group -Name 'm365-row-6-mrs-proxy-china-tcp-in-cc58ea6c' -DisplayName 'Microsoft 365 row/6/mrs-proxy' -Description 'row/6/mrs-proxy china mailbox-migration inbound' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '443' -LocalAddress '203.0.113.10/32' -RemoteAddress '40.73.132.0/24','40.73.164.128/25','40.73.165.0/26','42.159.40.0/24','42.159.44.0/22','42.159.163.128/25','42.159.165.0/24','42.159.172.0/22' | Out-Null }
$keep = @(
    'm365-row-6-mrs-proxy-china-tcp-in-cc58ea6c'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
