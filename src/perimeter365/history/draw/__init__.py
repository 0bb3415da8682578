"""Timelines of changes as SVG, as an HTML page, and as text for a terminal."""
