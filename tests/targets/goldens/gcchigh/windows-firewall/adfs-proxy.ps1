# Windows Defender Firewall for Contoso Defense
# Made by perimeter365 for profile 66b88bb863e1; do not edit, render it again.
# Catalog: gcchigh 2026033100 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File adfs-proxy.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 adfs-proxy'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-4-certificate-sign-in-by-name-gcchigh-tcp-in-b05603b7') { New-NetFirewallRule @store -Group $group -Name 'm365-row-4-certificate-sign-in-by-name-gcchigh-tcp-in-b05603b7' -DisplayName 'Microsoft 365 row/4/certificate-sign-in-by-name' -Description 'row/4/certificate-sign-in-by-name gcchigh federation-sts inbound, from anyone' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '443' -LocalAddress '203.0.113.40/32' | Out-Null }
if ($have -notcontains 'm365-row-4-device-registration-gcchigh-tcp-in-9fa5a241') { New-NetFirewallRule @store -Group $group -Name 'm365-row-4-device-registration-gcchigh-tcp-in-9fa5a241' -DisplayName 'Microsoft 365 row/4/device-registration' -Description 'row/4/device-registration gcchigh federation-sts inbound, from anyone' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '443' -LocalAddress '203.0.113.40/32' | Out-Null }
if ($have -notcontains 'm365-row-4-sign-in-gcchigh-tcp-in-1c0b9dd9') { New-NetFirewallRule @store -Group $group -Name 'm365-row-4-sign-in-gcchigh-tcp-in-1c0b9dd9' -DisplayName 'Microsoft 365 row/4/sign-in' -Description 'row/4/sign-in gcchigh federation-sts inbound, from anyone' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '443' -LocalAddress '203.0.113.40/32' | Out-Null }
$keep = @(
    'm365-row-4-certificate-sign-in-by-name-gcchigh-tcp-in-b05603b7',
    'm365-row-4-device-registration-gcchigh-tcp-in-9fa5a241',
    'm365-row-4-sign-in-gcchigh-tcp-in-1c0b9dd9'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
