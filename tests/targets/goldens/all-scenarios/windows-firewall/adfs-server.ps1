# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Not in it: 89 of 176 requirements, and parts of 10. losses.json says which, and why.
# First: run it on one machine; no script changes the default of a direction, or a rule of another group
# Install (Windows PowerShell of each machine, as administrator, with the script of each of its roles):
#   powershell -ExecutionPolicy Bypass -File adfs-server.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 adfs-server'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-3-crl-from-adfs-server-worldwide-tcp-in-9a8a79a3') { New-NetFirewallRule @store -Group $group -Name 'm365-row-3-crl-from-adfs-server-worldwide-tcp-in-9a8a79a3' -DisplayName 'Microsoft 365 row/3/crl-from-adfs-server' -Description 'row/3/crl-from-adfs-server worldwide entra-connect-adfs internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '80' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.17/32','2001:db8:e::17/128' | Out-Null }
if ($have -notcontains 'm365-row-3-https-to-adfs-server-worldwide-tcp-in-a9d23100') { New-NetFirewallRule @store -Group $group -Name 'm365-row-3-https-to-adfs-server-worldwide-tcp-in-a9d23100' -DisplayName 'Microsoft 365 row/3/https-to-adfs-server' -Description 'row/3/https-to-adfs-server worldwide entra-connect-adfs internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '443' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.17/32','2001:db8:e::17/128' | Out-Null }
if ($have -notcontains 'm365-row-3-winrm-to-adfs-server-worldwide-tcp-in-26cd4f6c') { New-NetFirewallRule @store -Group $group -Name 'm365-row-3-winrm-to-adfs-server-worldwide-tcp-in-26cd4f6c' -DisplayName 'Microsoft 365 row/3/winrm-to-adfs-server' -Description 'row/3/winrm-to-adfs-server worldwide entra-connect-adfs internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '5985' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.17/32','2001:db8:e::17/128' | Out-Null }
if ($have -notcontains 'm365-row-4-probe-of-adfs-server-worldwide-tcp-in-155ec2fc') { New-NetFirewallRule @store -Group $group -Name 'm365-row-4-probe-of-adfs-server-worldwide-tcp-in-155ec2fc' -DisplayName 'Microsoft 365 row/4/probe-of-adfs-server' -Description 'row/4/probe-of-adfs-server worldwide federation-sts internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '80' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.21/32','2001:db8:e::21/128' | Out-Null }
if ($have -notcontains 'm365-row-4-proxy-to-adfs-worldwide-tcp-in-9b53cb29') { New-NetFirewallRule @store -Group $group -Name 'm365-row-4-proxy-to-adfs-worldwide-tcp-in-9b53cb29' -DisplayName 'Microsoft 365 row/4/proxy-to-adfs' -Description 'row/4/proxy-to-adfs worldwide federation-sts internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '443' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.15/32','2001:db8:e::15/128' | Out-Null }
if ($have -notcontains 'm365-row-19-connect-to-adfs-server-worldwide-tcp-in-1bfd29a6') { New-NetFirewallRule @store -Group $group -Name 'm365-row-19-connect-to-adfs-server-worldwide-tcp-in-1bfd29a6' -DisplayName 'Microsoft 365 row/19/connect-to-adfs-server' -Description 'row/19/connect-to-adfs-server worldwide entra-connect internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '80','443','5985' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.17/32','2001:db8:e::17/128' | Out-Null }
if ($have -notcontains 'm365-row-19-proxy-to-adfs-server-worldwide-tcp-in-c46461de') { New-NetFirewallRule @store -Group $group -Name 'm365-row-19-proxy-to-adfs-server-worldwide-tcp-in-c46461de' -DisplayName 'Microsoft 365 row/19/proxy-to-adfs-server' -Description 'row/19/proxy-to-adfs-server worldwide entra-connect internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '443' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.15/32','2001:db8:e::15/128' | Out-Null }
$keep = @(
    'm365-row-3-crl-from-adfs-server-worldwide-tcp-in-9a8a79a3',
    'm365-row-3-https-to-adfs-server-worldwide-tcp-in-a9d23100',
    'm365-row-3-winrm-to-adfs-server-worldwide-tcp-in-26cd4f6c',
    'm365-row-4-probe-of-adfs-server-worldwide-tcp-in-155ec2fc',
    'm365-row-4-proxy-to-adfs-worldwide-tcp-in-9b53cb29',
    'm365-row-19-connect-to-adfs-server-worldwide-tcp-in-1bfd29a6',
    'm365-row-19-proxy-to-adfs-server-worldwide-tcp-in-c46461de'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
