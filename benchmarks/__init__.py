"""What MORSE costs on this machine: ``python -m benchmarks.rendering`` and ``python -m benchmarks.commands``."""
