# Windows Defender Firewall for Contoso
# Made by perimeter365 for profile 0a1d335147f6; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
# Load with: powershell -ExecutionPolicy Bypass -File adfs-server.ps1
param([string] $PolicyStore = 'PersistentStore')
$ErrorActionPreference = 'Stop'
$store = @{ PolicyStore = $PolicyStore }
$group = 'perimeter365 adfs-server'
$have = @(Get-NetFirewallRule @store | Where-Object { $_.Group -eq $group } | ForEach-Object { $_.Name })
if ($have -notcontains 'm365-row-3-crl-from-adfs-server-worldwide-tcp-in-3832c8da') { New-NetFirewallRule @store -Group $group -Name 'm365-row-3-crl-from-adfs-server-worldwide-tcp-in-3832c8da' -DisplayName 'Microsoft 365 row/3/crl-from-adfs-server' -Description 'row/3/crl-from-adfs-server worldwide entra-connect-adfs internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '80' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.17/32','2001:db8:e::17/128' | Out-Null }
if ($have -notcontains 'm365-row-3-https-to-adfs-server-worldwide-tcp-in-80a94029') { New-NetFirewallRule @store -Group $group -Name 'm365-row-3-https-to-adfs-server-worldwide-tcp-in-80a94029' -DisplayName 'Microsoft 365 row/3/https-to-adfs-server' -Description 'row/3/https-to-adfs-server worldwide entra-connect-adfs internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '443' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.17/32','2001:db8:e::17/128' | Out-Null }
if ($have -notcontains 'm365-row-3-winrm-to-adfs-server-worldwide-tcp-in-6456ac71') { New-NetFirewallRule @store -Group $group -Name 'm365-row-3-winrm-to-adfs-server-worldwide-tcp-in-6456ac71' -DisplayName 'Microsoft 365 row/3/winrm-to-adfs-server' -Description 'row/3/winrm-to-adfs-server worldwide entra-connect-adfs internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '5985' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.17/32','2001:db8:e::17/128' | Out-Null }
if ($have -notcontains 'm365-row-4-probe-of-adfs-server-worldwide-tcp-in-19eb0efe') { New-NetFirewallRule @store -Group $group -Name 'm365-row-4-probe-of-adfs-server-worldwide-tcp-in-19eb0efe' -DisplayName 'Microsoft 365 row/4/probe-of-adfs-server' -Description 'row/4/probe-of-adfs-server worldwide federation-sts internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '80' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.21/32','2001:db8:e::21/128' | Out-Null }
if ($have -notcontains 'm365-row-4-proxy-to-adfs-worldwide-tcp-in-a8c4b446') { New-NetFirewallRule @store -Group $group -Name 'm365-row-4-proxy-to-adfs-worldwide-tcp-in-a8c4b446' -DisplayName 'Microsoft 365 row/4/proxy-to-adfs' -Description 'row/4/proxy-to-adfs worldwide federation-sts internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '443' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.15/32','2001:db8:e::15/128' | Out-Null }
if ($have -notcontains 'm365-row-19-connect-to-adfs-server-worldwide-tcp-in-feb2588d') { New-NetFirewallRule @store -Group $group -Name 'm365-row-19-connect-to-adfs-server-worldwide-tcp-in-feb2588d' -DisplayName 'Microsoft 365 row/19/connect-to-adfs-server' -Description 'row/19/connect-to-adfs-server worldwide entra-connect internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '80','443','5985' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.17/32','2001:db8:e::17/128' | Out-Null }
if ($have -notcontains 'm365-row-19-proxy-to-adfs-server-worldwide-tcp-in-64808172') { New-NetFirewallRule @store -Group $group -Name 'm365-row-19-proxy-to-adfs-server-worldwide-tcp-in-64808172' -DisplayName 'Microsoft 365 row/19/proxy-to-adfs-server' -Description 'row/19/proxy-to-adfs-server worldwide entra-connect internal' -Direction Inbound -Action Allow -Protocol TCP -LocalPort '443' -LocalAddress '203.0.113.16/32','2001:db8:e::16/128' -RemoteAddress '203.0.113.15/32','2001:db8:e::15/128' | Out-Null }
$keep = @(
    'm365-row-3-crl-from-adfs-server-worldwide-tcp-in-3832c8da',
    'm365-row-3-https-to-adfs-server-worldwide-tcp-in-80a94029',
    'm365-row-3-winrm-to-adfs-server-worldwide-tcp-in-6456ac71',
    'm365-row-4-probe-of-adfs-server-worldwide-tcp-in-19eb0efe',
    'm365-row-4-proxy-to-adfs-worldwide-tcp-in-a8c4b446',
    'm365-row-19-connect-to-adfs-server-worldwide-tcp-in-feb2588d',
    'm365-row-19-proxy-to-adfs-server-worldwide-tcp-in-64808172'
)
$have | Where-Object { $keep -notcontains $_ } | ForEach-Object { Remove-NetFirewallRule @store -Name $_ }
