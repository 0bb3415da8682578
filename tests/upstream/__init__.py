"""Faulty upstream: a web service on loopback that replays states and produces every kind of fault on request.

It is also a program (`python -m tests.upstream --help`), so that other tools can be tested against it.
"""
