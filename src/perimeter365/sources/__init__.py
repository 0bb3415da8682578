"""The sources of catalogs and lists, one module for each."""
