"""AWS: customer-managed prefix lists, for Terraform and CloudFormation.

The lists can be used in security groups, route tables, network firewalls and transit gateways.
Output: `m365.tf.json` for Terraform (provider hashicorp/aws 5.0 or later; the outputs are the lists' ids),
`m365.cloudformation.json` for CloudFormation, with the same lists, and `index.txt`, which describes the rules for each list.
A list is either IPv4 or IPv6. By default it has the requirements of one role with the same ports, so that the rules over it
open what they need: `m365-worldwide-client-outbound-tcp80-443-v4`. Other values of `split` join requirements with different
ports, which is a loss (widened); `split=category` is for route tables.
Vendor page: https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html
Supported: external addresses, outbound and inbound in separate lists.
Not supported: names (a requirement without a published address is a loss), and ports and the organization's end, which
belong to the rule.
A Region has 100 lists unless AWS raises the quota. A request to AWS has 100 entries, and neither CloudFormation nor the
provider divides larger changes (https://github.com/hashicorp/terraform-provider-aws/issues/35371). So a longer list is
divided: a rule is needed for each part, and an entry stays in its part. With a provider that divides changes, use
--limit aws-prefix-list.max_entries=1000, the maximum of AWS. Entries have no descriptions: the provider removes an entry
whose description has changed before it adds it again.
The quota of a security group (60 rules by default) counts the size `max_entries`, used or not, for every reference to a
list, and a rule has one protocol and one range of ports. The index has the sum for each list, and says which do not fit.
AWS does not change size and entries in one step, so the size is rounded up to a multiple of the option `step`, and a list
keeps the size of the earlier render in the output folder until it is too small. Then Terraform takes both steps, but
CloudFormation refuses the update: use a larger `step`, or deploy the earlier file with larger MaxEntries first.
AWS does not delete a list that rules refer to: remove it from the rules before you update or remove the files. A plan
without lists has no template: remove the stack.
"""

from collections.abc import Container, Iterator
from types import MappingProxyType

from perimeter365.plan.plan import Plan
from perimeter365.targets._bases.acl import unique_name
from perimeter365.targets._bases.feed import Feed, FeedTarget
from perimeter365.targets._bases.iac import (
    Block,
    CodeTarget,
    identifier,
    json_file,
    ordered,
    terraform,
    terraform_manual,
    tool_option,
)
from perimeter365.targets._bases.list import SPLITS, Group, index_lines
from perimeter365.targets._bases.parts import divided, size_for
from perimeter365.targets._bases.ports import counted, port_groups
from perimeter365.targets.life import Manual, model, tried
from perimeter365.targets.target import Artifact, Capabilities, Option

_NAME, _REQUEST = 255, 100
_STACK, _NAMED = "m365.cloudformation.json", "--stack-name {own}"


class AwsPrefixList(CodeTarget, FeedTarget):
    """Customer-managed prefix lists."""

    name = "aws-prefix-list"
    title = "AWS prefix lists"
    kind = "cloud"
    vendor_page = "https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html"
    comments = "utf-8"  # only index.txt has comments
    keeps = True
    kept_names = r"m365[a-z0-9]*-[a-z0-9._-]{1,255}"
    kept_most = 1000
    manual = terraform_manual(
        "the folder of the files, with credentials and Region of AWS",
        besides="permits nothing by itself, but rules that already refer to a list follow every change of it",
    )
    native = Manual(
        where="",
        install=(f"aws cloudformation deploy {_NAMED} --template-file {_STACK} --no-fail-on-empty-changeset",),
        remove=(f"aws cloudformation delete-stack {_NAMED}", f"aws cloudformation wait stack-delete-complete {_NAMED}"),
        first="add --no-execute-changeset, and read the change set",
    )
    proof = "second opinion"
    proof_detail = (
        "read back from both files, each list has its group's addresses of one family; argument names are those of the "
        "provider's page ec2_managed_prefix_list and of AWS::EC2::PrefixList"
    )
    capabilities = Capabilities(addresses=True, directions=("outbound", "inbound"))
    own_names = True
    tried = tried(model("AWS, its provider of Terraform, and CloudFormation"))
    limits = MappingProxyType({"max_entries": _REQUEST, "lists": 100})
    options = MappingProxyType(
        {
            "split": Option(
                default="ports",
                choices=SPLITS,
                help="how to split: by role and ports, or into lists that mix ports",
            ),
            "step": Option(
                default="5",
                help="1 to 100: the size of each list is rounded up to a multiple of this number; 1: no spare entries",
                check=lambda v: v.isascii() and v.isdigit() and len(v) <= 3 and 1 <= int(v) <= 100,
            ),
            "tool": tool_option("aws-cli"),
        }
    )

    def feeds(self, plan: Plan) -> Iterator[Feed]:
        """Yield the lists of the chosen split; report those that mix ports."""
        if self.option("split") != "ports":
            yield from super().feeds(plan)
            return
        for group in port_groups(plan):
            for flow in group.flows:
                list(self._hosts(flow))  # reports the names
            yield Feed(group=group, prefixes=group.requirements_by_prefix(), hosts={})

    def artifacts(self, plan: Plan) -> Iterator[Artifact]:
        """Yield both forms of the lists, and the index."""
        lists: dict[str, Block] = {}
        index: list[tuple[Group, str]] = []
        for feed in self.feeds(plan):
            for family in (4, 6):
                for name, cidrs in self._parts(feed, family, lists):
                    most = self._size(name, len(cidrs))
                    lists[name] = {
                        "name": name,
                        "address_family": f"IPv{family}",
                        "max_entries": most,
                        "entry": [{"cidr": cidr} for cidr in cidrs],
                        "tags": {"managed-by": self.own_name("perimeter365")},
                    }
                    index.append((feed.group, f"{name}: {len(cidrs)} entries, {counted(feed.group, most)}"))
        self.check_limit("lists", len(lists), "the plan", "split by category with -O aws-prefix-list.split=category")
        total = sum(len(block["entry"]) for block in lists.values())
        kind = "aws_ec2_managed_prefix_list"
        outputs = {identifier(name): f"${{{kind}.{identifier(name)}.id}}" for name in lists}
        named = {identifier(name): block for name, block in lists.items()}
        document = terraform(self.head(plan, "terraform"), "aws", {}, ordered(kind, named, self.own_name("m365")), outputs)
        yield json_file(self, "m365.tf.json", document, entries=total)
        stack = {
            "AWSTemplateFormatVersion": "2010-09-09",
            "Description": "; ".join(self.head(plan, "aws-cli"))[:1024],
            "Resources": {_logical(name): _resource(block) for name, block in lists.items()},
            "Outputs": {_logical(name): {"Value": {"Ref": _logical(name)}} for name in lists},
        }
        large = any(len(block["entry"]) > _REQUEST for block in lists.values())
        if lists and not large:  # CloudFormation rejects a template without resources
            yield json_file(self, _STACK, stack, entries=total)
        notes = [f"No CloudFormation: a list has more than the {_REQUEST} entries that it takes"] if large else []
        yield self.text("index.txt", [*self.header(plan), *notes, *index_lines(plan, index)], entries=len(lists))

    def _parts(self, feed: Feed, family: int, taken: Container[str]) -> Iterator[tuple[str, list[str]]]:
        """Yield the names and entries of the lists of a feed in a family."""
        base = f"{self.own_name('m365')}-{feed.name}"
        cidrs = [str(prefix) for prefix in feed.prefixes if prefix.family == family]
        parts, kept = divided(f"{base}-v{family}", cidrs, self.limit("max_entries") or _REQUEST, self.style.kept)
        self.kept |= kept
        for part, each in parts.items() if cidrs else ():
            yield unique_name(base, taken, _NAME, f"{f'-{part}' if part > 1 else ''}-v{family}"), each

    def _size(self, name: str, entries: int) -> int:
        """Return the size of a list: that of the earlier render, unless it is too small."""
        most = self.limit("max_entries") or _REQUEST
        self.kept[name] = size_for(entries, int(self.option("step")), most, self.style.kept.get(name, 0))
        return self.kept[name]


def _logical(name: str) -> str:
    """Convert a name to a logical id of CloudFormation: letters and digits only."""
    return "".join(word.capitalize() if word[0].isalpha() else f"P{word}" for word in name.split("-") if word)


def _resource(block: Block) -> Block:
    """Convert a list to a CloudFormation resource."""
    return {
        "Type": "AWS::EC2::PrefixList",
        "Properties": {
            "PrefixListName": block["name"],
            "AddressFamily": block["address_family"],
            "MaxEntries": block["max_entries"],
            "Entries": [{"Cidr": entry["cidr"]} for entry in block["entry"]],
            "Tags": [{"Key": key, "Value": value} for key, value in block["tags"].items()],
        },
    }
