"""`perimeter365 crosscheck`: the service tags and public ranges of each prefix."""

from pathlib import Path

import click

from perimeter365.cli._command import VERSIONS, declare, json_option, pass_settings
from perimeter365.cli._settings import Settings, print_json
from perimeter365.cli._store import cloud_option
from perimeter365.model.cloud import Cloud
from perimeter365.model.quantity import quantity

FILE = click.Path(path_type=Path)


@declare("crosscheck", VERSIONS)
@click.option("--tags", multiple=True, type=FILE, metavar="FILE", help="Azure service tags file; repeatable, one per cloud.")
@click.option("--public", type=FILE, metavar="FILE", help="Microsoft's public addresses, MSFT_PublicIPs.csv.")
@click.option("--nowhere", is_flag=True, help="Only prefixes that are not in any of the files.")
@click.option("--id", metavar="ID", multiple=True, help="Only this set, row or requirement; repeatable.")
@cloud_option
@json_option
@pass_settings
def command(
    settings: Settings,
    tags: tuple[Path, ...],
    public: Path | None,
    nowhere: bool,
    id: tuple[str, ...],
    cloud: Cloud | None,
    json: bool,
) -> None:
    """Compare prefixes with Azure's service tags.

    Each prefix of an endpoint set or row is looked up in Azure's service tags and in Microsoft's public address space.
    Without a file, these are the embedded ones, or newer ones of `sync --witness`; the names of tags need files.

    Download the files from the Microsoft Download Center: service tags 56519 (Public), 57063 (US Government), 57062
    (China); public addresses 53602.

    Examples:
        perimeter365 crosscheck --nowhere
        perimeter365 crosscheck --tags ServiceTags_Public.json
        perimeter365 crosscheck --public MSFT_PublicIPs.csv --nowhere
    """
    from perimeter365.show.findings import findings_table, to_dicts
    from perimeter365.sources import public_ips, service_tags
    from perimeter365.sources.crosscheck import NOWHERE, check_prefixes, check_with_witness

    catalog = settings.load_catalog()
    chosen = {str(requirement.id) for name in id for requirement in catalog.find(name)}
    if tags or public:
        found = check_prefixes(
            catalog,
            tags=[service_tags.read_service_tags(path) for path in tags],
            public=public_ips.read_public_ips(public) if public else None,
            cloud=cloud,
        )
    else:
        found = check_with_witness(catalog, settings.workspace.witness(), cloud=cloud)
    found = tuple(finding for finding in found if not id or finding.id in chosen)
    shown = [finding for finding in found if finding.code == NOWHERE or not nowhere]
    if json:
        print_json(to_dicts(shown))
        return
    columns = {"set or requirement": "id", "cloud": "cloud", "prefix": "prefix"}
    columns |= {"service tags": "tags", "Microsoft's space": "space"} if tags or public else {"sources": "sources"}
    settings.print_tables([findings_table("Prefixes of the catalog", shown, columns)])
    settings.log(f"{quantity(len(found), 'prefix')}, {sum(f.code == NOWHERE for f in found)} of them not in any file")
