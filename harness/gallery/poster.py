"""The still picture of a clip: one of its key frames, small."""

import io
from pathlib import Path

from morse.errors import BadInput

WIDTH = 480
"""Pixels that a poster is wide."""
WHERE = 0.4
"""At which share of the clip it is taken: past the titles, before the end."""


def poster(video: Path) -> bytes:
    """A JPEG of the key frame at :data:`WHERE` of a clip. Raises :class:`BadInput` for a file that cannot be decoded."""
    import av
    import av.error
    from PIL import Image

    from morse.view.reel import SAFE

    try:
        with av.open(str(video.absolute()), options=SAFE) as container:
            container.seek(int(WHERE * (container.duration or 0)))
            frame = next(container.decode(video=0)).to_image()
    except (av.error.FFmpegError, StopIteration, IndexError) as error:
        raise BadInput(
            f"{video}: cannot be decoded ({str(error).splitlines()[0] if str(error) else 'empty'})"
        ) from None
    out = io.BytesIO()
    size = (WIDTH, round(WIDTH * frame.height / frame.width))
    frame.resize(size, Image.Resampling.LANCZOS).save(out, "JPEG", quality=82, optimize=True)
    return out.getvalue()
