"""A profile and the catalog make a plan: everything that one organization's network has to provide."""
