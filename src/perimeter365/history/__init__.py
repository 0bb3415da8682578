"""Sync, compare and report versions of Microsoft's lists."""
