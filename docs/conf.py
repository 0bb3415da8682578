"""How Sphinx builds these pages: `make docs ARGS=--html`, into out/docs."""

from perimeter365 import __version__

project = "perimeter365"
author = "The perimeter365 project"
copyright = "The perimeter365 project, Apache-2.0"  # noqa: A001 (Sphinx calls it so)
release = __version__
extensions = ["myst_parser"]
html_theme = "furo"
html_title = f"perimeter365 {__version__}"
html_static_path = ["images"]
html_theme_options = {"navigation_with_keys": True}
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 3
suppress_warnings = ["misc.highlighting_failure"]
highlight_language = "text"
