"""Tasks of the category spatial."""
