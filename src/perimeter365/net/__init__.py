"""HTTP access with limits: fetching, connections, trust, proxies, certificates and error classification."""
