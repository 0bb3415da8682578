"""The JSON of the web service: lists, versions and change records, read and written."""
