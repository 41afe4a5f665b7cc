"""MORSE: a programmatic generator of video-reasoning benchmarks.

Importing this package loads no renderer; the vocabulary is in :mod:`morse.schema`, the base of a task in
:mod:`morse.task`, and the way of a clip from its key to its record in :mod:`morse.pipeline`.
"""

__version__ = "0.1.0"
