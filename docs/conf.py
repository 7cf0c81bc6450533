"""How the manual is built: Chinese, offline, nothing loaded from elsewhere."""

project = "均衡 junheng"
author = "junheng"
language = "zh_CN"
extensions = ["myst_parser"]
exclude_patterns = ["build"]
html_theme = "alabaster"
html_theme_options = {"fixed_sidebar": False, "page_width": "1080px", "font_family": "sans-serif"}
html_css_files = ["manual.css"]
html_static_path = ["_static"]
html_show_sourcelink = False
myst_heading_anchors = 3
suppress_warnings = ["myst.header"]
