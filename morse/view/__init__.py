"""What a model is shown of a clip: the video, some of its frames, a page of them, its events in words, or nothing.

:mod:`~morse.view.names` reads a view's name, :mod:`~morse.view.schedule` says which frames it shows, :mod:`~morse.view.show`
makes the files and the prompt and keeps them by what they are made of. Whatever the view, nothing after a question's
``asked_at`` is shown.
"""
