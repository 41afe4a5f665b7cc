"""Tasks of the category physical."""
