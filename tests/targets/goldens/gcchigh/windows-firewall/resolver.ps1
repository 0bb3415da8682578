# Windows Defender Firewall for Contoso Defense
# Made by perimeter365 for profile 66b88bb863e1; do not edit, render it again.
# Catalog: gcchigh 2026033100 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File resolver.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 resolver'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-dns-resolvers-to-internet-gcchigh-tcp-out-f3edf79a') { New-NetFirewallRule @store -Group $group -Name 'm365-dns-resolvers-to-internet-gcchigh-tcp-out-f3edf79a' -DisplayName 'Microsoft 365 dns/resolvers-to-internet' -Description 'dns/resolvers-to-internet gcchigh dns outbound, to anyone' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '53' -LocalAddress '10.0.0.53/32' | Out-Null }
if ($have -notcontains 'm365-dns-resolvers-to-internet-gcchigh-udp-out-cca05e9d') { New-NetFirewallRule @store -Group $group -Name 'm365-dns-resolvers-to-internet-gcchigh-udp-out-cca05e9d' -DisplayName 'Microsoft 365 dns/resolvers-to-internet' -Description 'dns/resolvers-to-internet gcchigh dns outbound, to anyone' -Direction Outbound -Action Allow -Protocol UDP -RemotePort '53' -LocalAddress '10.0.0.53/32' | Out-Null }
$keep = @(
    'm365-dns-resolvers-to-internet-gcchigh-tcp-out-f3edf79a',
    'm365-dns-resolvers-to-internet-gcchigh-udp-out-cca05e9d'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
