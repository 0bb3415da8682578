# Windows VPN exclusion routes for Contoso
# Made by perimeter365 for profile eaec43c40c7d; do not edit, render it again.
# Catalog: worldwide 2026080200 (recorded)
$ErrorActionPreference = 'Stop'
$connection = 'Contoso VPN'
$wanted = @(
)
$present = @((Get-VpnConnection -Name $connection).Routes | ForEach-Object DestinationPrefix)
foreach ($p in $wanted) {
    if ($present -notcontains $p) {
        Add-VpnConnectionRoute -ConnectionName $connection -DestinationPrefix $p -ExclusionRoute
    }
}
