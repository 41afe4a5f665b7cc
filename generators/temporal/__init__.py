"""Tasks of the category temporal."""
