"""The still picture of a clip: one of its key frames, small."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from morse.errors import BadInput

if TYPE_CHECKING:
    from PIL import Image

WIDTH = 480
"""Pixels that a poster is wide."""
WHERE = (0.25, 0.45, 0.7)
"""At which shares of the clip frames are looked at: past the titles, before the end."""


def poster(video: Path) -> bytes:
    """A JPEG of the fullest of the key frames at :data:`WHERE` of a clip: the one that takes most bytes, so that no curtain or blank
    page stands for a clip. Raises :class:`BadInput` for a file that cannot be decoded."""
    import av
    import av.error

    from morse.view.reel import SAFE

    try:
        with av.open(str(video.absolute()), options=SAFE) as container:
            looks: list[bytes] = []
            for share in WHERE:
                container.seek(int(share * (container.duration or 0)))
                looks.append(_small(next(container.decode(video=0)).to_image()))
    except (av.error.FFmpegError, StopIteration, IndexError) as error:
        raise BadInput(
            f"{video}: cannot be decoded ({str(error).splitlines()[0] if str(error) else 'empty'})"
        ) from None
    return max(looks, key=len)


def _small(image: "Image.Image") -> bytes:
    from PIL import Image

    out = io.BytesIO()
    size = (WIDTH, round(WIDTH * image.height / image.width))
    image.resize(size, Image.Resampling.BILINEAR, reducing_gap=2.0).save(out, "JPEG", quality=82)
    return out.getvalue()
