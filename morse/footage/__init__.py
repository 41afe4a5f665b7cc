"""Questions about a user's own footage: real videos, cut into pieces, shuffled, turned round, sped up, and asked about."""

TASK, VERSION, CATEGORY = "footage", 1, "procedural"
"""What the clips are called in keys and tables. No task of the registry: they follow from files that only the user has."""
