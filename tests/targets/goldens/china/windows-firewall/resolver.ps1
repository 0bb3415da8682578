# Windows Defender Firewall for Contoso (China)
# Made by perimeter365 for profile a76443ef8ff4; do not edit, render it again.
# Catalog: china 2024032900 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File resolver.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 resolver'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-dns-resolvers-to-internet-china-tcp-out-4c7147d5') { New-NetFirewallRule @store -Group $group -Name 'm365-dns-resolvers-to-internet-china-tcp-out-4c7147d5' -DisplayName 'Microsoft 365 dns/resolvers-to-internet' -Description 'dns/resolvers-to-internet china dns outbound, to anyone' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '53' -LocalAddress '10.0.0.53/32' | Out-Null }
if ($have -notcontains 'm365-dns-resolvers-to-internet-china-udp-out-733ceed2') { New-NetFirewallRule @store -Group $group -Name 'm365-dns-resolvers-to-internet-china-udp-out-733ceed2' -DisplayName 'Microsoft 365 dns/resolvers-to-internet' -Description 'dns/resolvers-to-internet china dns outbound, to anyone' -Direction Outbound -Action Allow -Protocol UDP -RemotePort '53' -LocalAddress '10.0.0.53/32' | Out-Null }
$keep = @(
    'm365-dns-resolvers-to-internet-china-tcp-out-4c7147d5',
    'm365-dns-resolvers-to-internet-china-udp-out-733ceed2'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
