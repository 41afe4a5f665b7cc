"""Tasks of the category abstract."""
