"""Gates: each proves one property of a task or a data set on its items."""
