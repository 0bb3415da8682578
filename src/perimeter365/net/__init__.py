"""The network, bounded and told apart: fetching, dialing, trust, proxies, certificates and what is in the way."""
