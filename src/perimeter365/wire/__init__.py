"""The JSON of the web service, read and written.

It consists of lists, versions and change records.
"""
