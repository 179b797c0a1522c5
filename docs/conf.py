"""Sphinx reads this: `make docs` builds the documentation into build/docs. Nothing is fetched from anywhere."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

from wenmai import __version__

project = "wenmai 文脉"
author = "wenmai"
project_copyright = "wenmai, Apache License 2.0"
version = release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "wenmai_reference"]
exclude_patterns = ["_ext", "figures/*"]  # figures.md includes what lies there
nitpicky = True

myst_enable_extensions = ["attrs_block", "colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_class_signature = "separated"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 88
default_role = "code"  # docstrings have names between single backticks

html_theme = "furo"
html_title = f"wenmai 文脉 {version}"
html_static_path = ["_static"]
html_css_files = ["wenmai.css"]
html_theme_options = {"top_of_page_buttons": []}
html_copy_source = False
html_show_sourcelink = False
html_search_language = "zh-en"  # ours: _ext/wenmai_reference/search.py
pygments_style = "tango"
pygments_dark_style = "github-dark"
