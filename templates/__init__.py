"""Question templates, report and gallery pages (Jinja2)."""
