"""Follow upstream: sync rounds, device capacity, offline export, and diagnosis."""
