# Windows VPN exclusion routes for Contoso
# Made by perimeter365 for profile 245e3f65aa93; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
$ErrorActionPreference = 'Stop'
$connection = 'Contoso VPN'
$wanted = @(
    '52.112.0.0/14'
    '52.122.0.0/15'
)
$present = @((Get-VpnConnection -Name $connection).Routes | ForEach-Object DestinationPrefix)
foreach ($p in $wanted) {
    if ($present -notcontains $p) {
        Add-VpnConnectionRoute -ConnectionName $connection -DestinationPrefix $p -ExclusionRoute
    }
}
