"""HTTP access with limits.

It covers fetching, connections, trust, proxies, certificates and the classification of errors.
"""
