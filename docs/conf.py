"""Configuration of Sphinx; `scripts/docs` builds the site."""

from pytest_reportconformance import __version__

project = "pytest-reportconformance"
version = release = __version__
html_title = f"pytest-reportconformance {__version__}"
extensions = ["myst_parser"]
myst_heading_anchors = 4
html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_js_files = [("search_from_disk.js", {"priority": 300})]
html_extra_path = ["../build/docs/files"]
html_copy_source = False
html_show_sourcelink = False
html_show_sphinx = False
html_show_copyright = False
html_theme_options: dict[str, list[str]] = {"top_of_page_buttons": []}
nitpicky = True
pygments_style = "default"
