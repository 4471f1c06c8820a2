"""Articles in text files.

dump.py  a plain or markdown dump -> Article    front_matter.py  the YAML or TOML above it
"""
