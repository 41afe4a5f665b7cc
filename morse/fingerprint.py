"""What renders here: the versions that the frames of a clip depend on. Frames are equal only between equal fingerprints."""

import platform
import subprocess
import sys
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version

LIBRARIES = {
    "manim": ("manim", "pycairo", "matplotlib", "pillow"),
    "plot": ("matplotlib", "pillow"),
    "bullet": ("moderngl", "matplotlib", "pillow"),
    "compose": ("manim", "pycairo", "matplotlib", "pillow", "moviepy"),
}
"""What draws on each kind of stage, beside what every clip needs."""

DRAWINGS = {"bullet": 2}
"""Raised when a stage of ours comes to draw the same layout in other pixels."""

_GL_PROBE = """
import moderngl
context = moderngl.create_context(standalone=True, backend="egl", libgl="libEGL.so.1", libegl="libEGL.so.1")
print(context.info["GL_VENDOR"], context.info["GL_RENDERER"], context.info["GL_VERSION"], sep=" | ")
"""


def fingerprint(stages: Iterable[str], video: bool = True, sound: bool = False) -> dict[str, str]:
    """Name → version of all that records and (with ``video``) frames on these stages depend on, in order of name; with
    ``sound`` what the bytes of sound depend on too."""
    used = sorted(set(stages))
    found = {
        "machine": platform.machine(),
        "libc": " ".join(platform.libc_ver()).strip() or platform.system(),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "numpy": _installed("numpy"),
        "pyarrow": _installed("pyarrow"),
        "pydantic-core": _installed("pydantic-core"),  # how numbers are written
    }
    if "bullet" in used:  # the physics, so with or without video
        found["pybullet"] = _installed("pybullet")
    if video:
        for stage in used:
            found |= {library: _installed(library) for library in LIBRARIES[stage]}
            if stage in DRAWINGS:
                found[f"{stage} stage"] = str(DRAWINGS[stage])
        if "pycairo" in found:
            import cairo

            found["cairo"] = cairo.cairo_version_string()
        if "bullet" in used:
            found["gl"] = _gl()
        found |= _encoder()
        if sound:
            found["aac"] = _aac()
    return dict(sorted(found.items()))


def differences(made: dict[str, str], here: dict[str, str]) -> str:
    """What differs between two fingerprints, in words: ``numpy 2.3.1 there, 2.4.0 here``; empty if nothing does."""
    names = sorted(made.keys() | here.keys())
    return "; ".join(
        f"{name} {made.get(name, 'absent')} there, {here.get(name, 'absent')} here"
        for name in names
        if made.get(name) != here.get(name)
    )


def _installed(library: str) -> str:
    try:
        return version(library)
    except PackageNotFoundError:
        return "absent"


def _gl() -> str:
    """The OpenGL driver that 3D is drawn with, asked for in a process of its own; without one, pybullet's own renderer."""
    try:
        # this interpreter, on a text that stands above
        asked = subprocess.run(  # noqa: S603  # nosec B603
            [sys.executable, "-c", _GL_PROBE], capture_output=True, text=True, timeout=60, check=True
        )
    except (subprocess.SubprocessError, OSError):
        return "TinyRenderer"
    return asked.stdout.strip().splitlines()[-1]


def _encoder() -> dict[str, str]:
    """PyAV, FFmpeg's libraries and x264 (which names itself only in what it writes: a frame of 16 × 16 is encoded)."""
    import io

    import av
    from av.video.frame import VideoFrame

    written = io.BytesIO()
    with av.open(written, "w", format="h264") as container:
        stream = container.add_stream("libx264", rate=1)
        stream.width, stream.height, stream.pix_fmt = 16, 16, "yuv420p"
        stream.codec_context.thread_count = 1
        container.mux(stream.encode(VideoFrame(16, 16, "yuv420p")))
        container.mux(stream.encode(None))
    name, sign, _ = written.getvalue().partition(b"x264 - core ")[2].partition(b" ")
    libraries = av.library_versions
    return {
        "av": av.__version__,
        "libavcodec": ".".join(map(str, libraries["libavcodec"])),
        "libswscale": ".".join(map(str, libraries["libswscale"])),
        "x264": name.decode("ascii", "replace") if sign else "unknown",
    }


def _aac() -> str:
    """A hash of one tone in AAC: unlike x264, that encoder's arithmetic is not the same on all processors of a kind."""
    import hashlib
    import io

    import av
    from av.audio.frame import AudioFrame

    from morse.schema import Tone
    from morse.sound import RATE, samples

    written = io.BytesIO()
    tone = Tone(start=0.0, seconds=0.5, pitch=441.0, timbre="horn")
    with av.open(written, "w", format="adts") as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        stream.options = {"flags": "+bitexact"}
        for first in range(0, RATE // 2, 1024):
            block = AudioFrame.from_ndarray(samples([tone], first, first + 1024)[None], format="s16", layout="mono")
            block.sample_rate, block.pts = RATE, first
            container.mux(stream.encode(block))
        container.mux(stream.encode(None))
    return hashlib.sha256(written.getvalue()).hexdigest()[:16]
