"""Where a catalog comes from: one file a source."""
