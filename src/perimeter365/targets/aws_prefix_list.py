"""AWS: customer-managed prefix lists, for Terraform and CloudFormation.

The lists can be used in security groups, route tables, network firewalls and transit gateways.
Output: `m365.tf.json` for Terraform, `m365.cloudformation.json` for CloudFormation, with the same lists, and `index.txt`,
which describes the rules for each list. A list is either IPv4 or IPv6, so a group of the plan has up to two:
`m365-worldwide-exchange-outbound-optimize-v4`. An entry's description has the ids of the requirements.
Vendor page: https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
Supported: external addresses, outbound and inbound in separate lists.
Not supported: names (a requirement without a published address is a loss), and ports and the organization's end, which
belong to the rule.
A list has at most 1,000 entries, and a Region 100 lists unless AWS raises the quota. CloudFormation supports 100 entries per
list; its template is omitted if a list has more. The quota of a security group (60 rules by default) counts the size
`max_entries`, used or not, for every reference to a list: see the index. AWS does not change size and entries in one step,
so the size is rounded up to a multiple of the option `step`, and most changes of entries do not change it. If it changes,
Terraform makes both steps; with CloudFormation raise MaxEntries first. A list without references does not count.
Install: `terraform plan` and `apply` with provider hashicorp/aws 5.0 or later (the outputs are the lists' ids), or
`aws cloudformation deploy --template-file m365.cloudformation.json --stack-name m365`.
Update: render and apply again. A list in use cannot be deleted: remove it from the rules first.
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
    """Customer-managed prefix lists."""

    name = "aws-prefix-list"
    title = "AWS prefix lists"
    kind = "cloud"
    vendor_page = "https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html"
    comments = "utf-8"  # only index.txt has comments
    proof = "second opinion"
    proof_detail = (
        "read back from both files, each list has its group's addresses of one family; argument names are those of the "
        "provider's page ec2_managed_prefix_list and of AWS::EC2::PrefixList"
    )
    capabilities = Capabilities(addresses=True, directions=("outbound", "inbound"))
    own_names = True
    limits = MappingProxyType({"max_entries": 1000, "lists": 100})
    options = MappingProxyType(
        {
            "split": SPLIT,
            "step": Option(
                default="5",
                help="1 to 100: the size of each list is rounded up to a multiple of this number; 1: no spare entries",
                check=lambda v: v.isascii() and v.isdigit() and len(v) <= 3 and 1 <= int(v) <= 100,
            ),
        }
    )

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield both forms of the lists, and the index."""
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
                    name = self.own_name(f"m365-{feed.name}-v{family}")[:_NAME]
                    most = -(-len(entries) // step) * step
                    self.check_limit("max_entries", most, name)
                    lists[name] = {
                        "name": name,
                        "address_family": f"IPv{family}",
                        "max_entries": most,
                        "entry": entries,
                        "tags": {"managed-by": self.own_name("perimeter365")},
                    }
                    index.append((feed.group, f"{name}: {len(entries)} entries, counts as {most} rules"))
        self.check_limit("lists", len(lists), "the plan", "split by category with -O aws-prefix-list.split=category")
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
        if lists and not large:  # CloudFormation rejects a template without resources
            yield json_file(self, "m365.cloudformation.json", stack, entries=total)
        notes = [f"No CloudFormation: {name} has more than the {_STACK} entries that it takes" for name in large]
        yield self.text("index.txt", [*self.header(plan), *notes, *index_lines(plan, index)], entries=len(lists))


def _logical(name: str) -> str:
    """Convert a name to a logical id of CloudFormation: letters and digits only."""
    return "".join(word.capitalize() for word in name.split("-"))


def _resource(block: Block) -> Block:
    """Convert a list to a CloudFormation resource."""
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
