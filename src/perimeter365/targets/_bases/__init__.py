"""What families of targets share: access lists, address lists, routes, zones and the like, one family in a file."""
