"""The web service's language, read and written in one place: lists, versions and change records."""
