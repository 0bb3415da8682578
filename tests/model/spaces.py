"""Special addresses and names, as the registries have them: the oracle of the never-list."""

# RFC 6890 and the RFCs in brackets.
UNROUTABLE_SPACE = [
    "0.0.0.0/8",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",  # RFC 6890, RFC 5771
    "::1/128",
    "::/128",
    "::ffff:0:0/96",
    "64:ff9b::/96",
    "fe80::/10",
    "ff00::/8",  # RFC 4291, RFC 6052
]
PRIVATE_SPACE = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fd00::/8"]
# https://www.iana.org/assignments/iana-ipv4-special-registry, …/iana-ipv6-special-registry, …/ipv6-address-space
SPECIAL_SPACE = {
    "documentation": ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32", "3fff::/20"],
    "benchmarking": ["198.18.0.0/15", "2001:2::/48"],
    "Teredo": ["2001::/32"],
    "ORCHID": ["2001:10::/28", "2001:20::/28"],
    "IETF protocols": ["192.0.0.0/24", "2001:1::1/128", "2001:3::/32", "2001:30::/28", "2001:1ff::/32"],
    "6to4": ["192.88.99.0/24", "2002::/16"],
    "AS112": ["192.31.196.0/24", "192.175.48.0/24", "2620:4f:8000::/48"],
    "tunnels": ["192.52.193.0/24"],
    "discard": ["100::/64"],
    "site-local": ["fec0::/10"],
    "SRv6": ["5f00::/16"],
    "6bone": ["3ffe::/16"],
    "never allocated": [
        "100:0:0:1::/64", "200::/7", "400::/6", "1000::/4", "4000::/4", "6000::/3", "8000::/3", "a000::/3", "c000::/3",
        "e000::/4", "f000::/5", "f800::/6", "fe00::/9", "2000::/16", "2001:1000::/23", "2001:c000::/18",
        "2003:4000::/18", "2004::/14", "2420::/11", "2610:200::/23", "2620:200::/23", "2d00::/8", "2e00::/7", "3000::/5",
        "5f01::/16",
    ],
}  # fmt: skip

INTERNAL = (
    # https://www.iana.org/assignments/special-use-domain-names (RFC 6761, 6762, 7686, 8375, 9476), RFC 3172
    "test", "localhost", "invalid", "example", "local", "onion", "alt", "home.arpa", "arpa",
    # RFC 6762, appendix G
    "intranet", "internal", "private", "corp", "home", "lan",
    # ICANN, resolutions 2018.02.04.12 and 2024.07.29.06
    "mail",
    # not delegated
    "localdomain",
)  # fmt: skip
"""Domains in which no service on the internet has a name."""
