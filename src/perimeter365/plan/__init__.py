"""Profiles and plans: what the network of one organization has to provide."""
