"""What a task draws on. Every stage turns a layout into a stream of frames; see :mod:`morse.stage.frames`."""
