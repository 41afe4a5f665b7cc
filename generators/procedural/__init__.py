"""Tasks of the category procedural."""
