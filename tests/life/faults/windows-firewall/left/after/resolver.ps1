# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 87c079bd14e5; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File resolver.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 resolver'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-dns-resolvers-to-internet-worldwide-tcp-out-e53e2df6') { New-NetFirewallRule @store -Group $group -Name 'm365-dns-resolvers-to-internet-worldwide-tcp-out-e53e2df6' -DisplayName 'Microsoft 365 dns/resolvers-to-internet' -Description 'dns/resolvers-to-internet worldwide dns outbound, to anyone' -Direction Outbound -Action Allow -Protocol TCP -RemotePort '53' -LocalAddress '10.0.0.53/32' | Out-Null }
if ($have -notcontains 'm365-dns-resolvers-to-internet-worldwide-udp-out-da7384f1') { New-NetFirewallRule @store -Group $group -Name 'm365-dns-resolvers-to-internet-worldwide-udp-out-da7384f1' -DisplayName 'Microsoft 365 dns/resolvers-to-internet' -Description 'dns/resolvers-to-internet worldwide dns outbound, to anyone' -Direction Outbound -Action Allow -Protocol UDP -RemotePort '53' -LocalAddress '10.0.0.53/32' | Out-Null }
$keep = @(
    'm365-dns-resolvers-to-internet-worldwide-tcp-out-e53e2df6',
    'm365-dns-resolvers-to-internet-worldwide-udp-out-da7384f1'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
