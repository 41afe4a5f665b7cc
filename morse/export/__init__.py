"""Data sets in the forms that others publish and evaluate in: ``morse export DATASET --to …``.

:mod:`~morse.export.entries` says what every form is made of: each question with the video that may be seen when it is asked, under a
name made of its content. Then a file a form.
"""
