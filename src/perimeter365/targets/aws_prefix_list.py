"""AWS: customer-managed prefix lists for security groups, route tables, network firewalls and transit gateways.

What it makes: `m365.tf.json` for Terraform, `m365.cloudformation.json` for CloudFormation, the same lists in both, and
`index.txt`, which says what a rule over each list has to say. A list is IPv4 or IPv6, never both, so a group of the
plan becomes up to two: `m365-worldwide-exchange-outbound-optimize-v4`. An entry's description has the requirements.
Vendor page: https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
What it says: outside addresses, outbound and inbound apart. What it cannot say: names (a requirement without published
address is a loss), ports and our side, which are the rule's.
A list has at most 1,000 entries and a Region 100 lists unless AWS raises that; CloudFormation takes 100 entries a list,
and is left out where one has more. What counts against the quota of a security group (60 rules by default) is the size
`max_entries`, used or not, wherever the list is named: the index gives it. AWS changes size and entries only one after
the other, so the size is rounded up to a multiple of the option `step`, and most changes of the entries keep it. Where
it changes, Terraform makes both steps itself; with CloudFormation raise MaxEntries first. Lists nobody names are free.
Install: `terraform plan` and `apply` with provider hashicorp/aws 5.0 or later (the outputs are the lists' ids), or
`aws cloudformation deploy --template-file m365.cloudformation.json --stack-name m365`.
Update: render again and apply again. A list that is in use cannot be deleted: take it out of its rules first.
"""

from collections.abc import Iterator
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.feed import SPLIT, FeedTarget
from perimeter365.targets._bases.iac import Block, comment, identifier, json_file, terraform
from perimeter365.targets._bases.list import index_lines
from perimeter365.targets.target import Artifact, Capabilities, Option

_DESCRIPTION, _NAME, _STACK = 255, 255, 100


class AwsPrefixList(FeedTarget):
    """Managed prefix lists."""

    name = "aws-prefix-list"
    title = "AWS prefix lists"
    kind = "cloud"
    vendor_page = "https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html"
    proof = "second opinion"
    proof_detail = (
        "read back from both files, each list holds its group's addresses of one family; argument names are those of the "
        "provider's page ec2_managed_prefix_list and of AWS::EC2::PrefixList"
    )
    capabilities = Capabilities(addresses=True, directions=("outbound", "inbound"))
    limits = MappingProxyType({"max_entries": 1000, "lists": 100})
    options = MappingProxyType(
        {
            "split": SPLIT,
            "step": Option(
                default="5",
                help="a number from 1 to 100: the size of each list is rounded up to a multiple of it; 1: no room is kept",
                check=lambda v: v.isascii() and v.isdigit() and len(v) <= 3 and 1 <= int(v) <= 100,
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Two forms of the same lists, and the index."""
        step = int(self.option("step"))
        lists: dict[str, Block] = {}
        index = []
        for feed in self.feeds(plan):
            for family in (4, 6):
                entries = [
                    {"cidr": str(prefix), "description": " ".join(ids)[:_DESCRIPTION]}
                    for prefix, ids in feed.prefixes.items()
                    if prefix.family == family
                ]
                if entries:
                    name = f"m365-{feed.name}-v{family}"[:_NAME]
                    most = -(-len(entries) // step) * step
                    self.hold("max_entries", most, name)
                    lists[name] = {
                        "name": name,
                        "address_family": f"IPv{family}",
                        "max_entries": most,
                        "entry": entries,
                        "tags": {"managed-by": "perimeter365"},
                    }
                    index.append((feed.group, f"{name}: {len(entries)} entries, counts as {most} rules"))
        self.hold("lists", len(lists), "the plan", "split by category with -O aws-prefix-list.split=category")
        head = comment(self, plan)
        total = sum(len(block["entry"]) for block in lists.values())
        kind = "aws_ec2_managed_prefix_list"
        outputs = {identifier(name): f"${{{kind}.{identifier(name)}.id}}" for name in lists}
        named = {identifier(name): block for name, block in lists.items()}
        yield json_file(self, "m365.tf.json", terraform(head, "aws", {}, {kind: named}, outputs), entries=total)
        stack = {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": "; ".join(head)[:1024],
            "Resources": {_logical(name): _resource(block) for name, block in lists.items()},
            "Outputs": {_logical(name): {"Value": {"Ref": _logical(name)}} for name in lists},
        }
        large = [name for name, block in lists.items() if len(block["entry"]) > _STACK]
        if lists and not large:  # CloudFormation refuses a template without resources
            yield json_file(self, "m365.cloudformation.json", stack, entries=total)
        notes = [f"No CloudFormation: {name} has more than the {_STACK} entries that it takes" for name in large]
        yield self.text("index.txt", [*self.header(plan), *notes, *index_lines(plan, index)], entries=len(lists))


def _logical(name: str) -> str:
    """A CloudFormation name: letters and digits alone."""
    return "".join(word.capitalize() for word in name.split("-"))


def _resource(block: Block) -> Block:
    """A list as CloudFormation has it."""
    return {
        "Type": "AWS::EC2::PrefixList",
        "Properties": {
            "PrefixListName": block["name"],
            "AddressFamily": block["address_family"],
            "MaxEntries": block["max_entries"],
            "Entries": [{"Cidr": e["cidr"], "Description": e["description"]} for e in block["entry"]],
            "Tags": [{"Key": key, "Value": value} for key, value in block["tags"].items()],
        },
    }
