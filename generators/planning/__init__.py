"""Tasks of the category planning."""
