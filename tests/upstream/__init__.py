"""The lying upstream: a web service on loopback that replays states and commits every case of bad upstream on command.

A program of its own (`python -m tests.upstream --help`), so that other tools can be held against it too.
"""
