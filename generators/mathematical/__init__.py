"""Tasks of the category mathematical."""
