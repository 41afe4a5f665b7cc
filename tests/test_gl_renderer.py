"""What OpenGL is asked of, where only the libraries for users are installed."""

import pytest

from morse import fingerprint
from morse.stage import gl_renderer


def test_opengl_is_asked_of_the_library_that_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """``libEGL.so`` and ``libGL.so`` come with packages for developers; Debian's ``libegl1`` brings ``libEGL.so.1`` alone."""
    asked: dict[str, object] = {}

    def refuse(**wanted: object) -> None:
        asked.update(wanted)
        raise RuntimeError("no context is wanted here")

    monkeypatch.setattr("moderngl.create_context", refuse)
    with pytest.raises(RuntimeError, match="no context"):
        gl_renderer.context.__wrapped__()
    assert asked["libgl"] == asked["libegl"] == "libEGL.so.1"
    assert 'libgl="libEGL.so.1", libegl="libEGL.so.1"' in fingerprint._GL_PROBE
