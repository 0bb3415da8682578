"""Output for people: HTML pages, parts of pictures, tables and findings.

This package does not depend on plans and history.
"""
