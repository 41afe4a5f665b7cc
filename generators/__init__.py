"""The tasks: one folder a category, one file a task, found by scanning. Files that begin with ``_`` hold what a category shares."""
