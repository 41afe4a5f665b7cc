"""What the page holds, file by file: the same for a folder on disk and for the server.

``index.html`` loads ``data/index.js``, a line for each clip; a clip's own file is loaded when it is opened. Data files are
scripts that call the page with JSON, since a page opened from disk may load scripts but no other files.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any

from markupsafe import Markup

from harness.gallery.runs import Said
from harness.page import environment, legible, source_hash, worded
from morse.dataset import Dataset, video_path
from morse.errors import BadInput
from morse.schema import Clip, PrivateAnswer, PublicQuestion

SCRIPTS = ("dom", "player", "overlay", "grid", "clip", "draw", "quiz", "main")
"""The page's scripts in ``templates/view/``, in the order in which they run."""
SERVED, ON_DISK = "'self'", "'self' file:"
"""Where a Content-Security-Policy lets the page load from."""
KINDS = {
    "js": "text/javascript; charset=utf-8",
    "jpg": "image/jpeg",
    "mp4": "video/mp4",
    "html": "text/html; charset=utf-8",
}
_OF_A_CLIP = re.compile(r"(?:data|posters|videos)/([0-9a-f]{2})/(\1[0-9a-f]{14})\.(js|jpg|mp4)")


class Contents:
    """The files of the page about a data set, made when they are asked for."""

    def __init__(self, data: Dataset, runs: Mapping[str, Mapping[str, Said]], source: str = SERVED) -> None:
        self.data, self.runs, self.source = data, dict(runs), source

    @cached_property
    def clips(self) -> dict[str, Clip]:
        """The set's clips by id."""
        return {clip.clip_id: clip for clip in self.data.clips()}

    @cached_property
    def questions(self) -> dict[str, list[PublicQuestion]]:
        """The questions of each clip."""
        found: dict[str, list[PublicQuestion]] = {name: [] for name in self.clips}
        for question in self.data.questions():
            if question.clip_id not in found:
                raise BadInput(f"{self.data.public}: question {question.question_id!r} is about no clip of the set")
            found[question.clip_id].append(question)
        return found

    @cached_property
    def answers(self) -> dict[str, PrivateAnswer]:
        """The answers by question; none where the set's private half is not here."""
        return {} if self.data.private is None else {answer.question_id: answer for answer in self.data.answers()}

    def names(self) -> Iterator[str]:
        """Every file of the page, ``index.html`` last."""
        for name, clip in self.clips.items():
            if clip.video:
                yield from (f"posters/{name[:2]}/{name}.jpg", video_path(name))
            yield f"data/{name[:2]}/{name}.js"
        yield from ("data/index.js", "index.html")

    def file(self, name: str) -> bytes | Path | None:
        """A file by its name: its bytes, or where it lies. ``None``: there is no such file."""
        if name in ("", "index.html"):
            return page(self.data.manifest.recipe.name, self.source).encode()
        if name == "data/index.js":
            return script("index", self.index())
        found = _OF_A_CLIP.fullmatch(name)
        clip = self.clips.get(found[2]) if found else None
        if found is None or clip is None:
            return None
        if name.startswith("data/") and found[3] == "js":
            return script("clip", self.clip(clip))
        if clip.video is None:
            return None
        if name == video_path(clip.clip_id):
            return self.data.video(clip)
        if name.startswith("posters/") and found[3] == "jpg":
            from harness.gallery.poster import poster

            return poster(self.data.video(clip))
        return None

    def index(self) -> dict[str, Any]:
        """The set, and of each clip what the grid shows and filters by."""
        manifest = self.data.manifest
        return {
            "title": manifest.recipe.name,
            "version": manifest.recipe.version,
            "made": manifest.morse_version,
            "complete": manifest.complete,
            "answers": self.data.private is not None,
            "runs": list(self.runs),
            "clips": [self.line(clip) for clip in self.clips.values()],
        }

    def line(self, clip: Clip) -> dict[str, Any]:
        """A clip's line of the index; the verdicts of a question are a letter a run."""
        return {
            "id": clip.clip_id,
            "task": clip.task,
            "category": clip.category,
            "level": clip.level,
            "duration": round(clip.duration, 2),
            "video": clip.video is not None,
            "questions": [
                {
                    "kind": question.kind,
                    "reasoning": question.reasoning,
                    "text": legible(question.text),
                    "verdicts": "".join(self._verdict(run, question.question_id)[0] for run in self.runs),
                }
                for question in self.questions[clip.clip_id]
            ],
        }

    def _verdict(self, run: str, question_id: str) -> str:
        said = self.runs[run].get(question_id)
        return said.verdict if said else "missing"

    def clip(self, clip: Clip) -> dict[str, Any]:
        """All that is known of a clip."""
        shown: dict[str, Any] = {
            "id": clip.clip_id,
            "fps": clip.fps,
            "frames": clip.frames,
            "width": clip.width,
            "height": clip.height,
            "duration": clip.duration,
            "sound": clip.sound_hash is not None,
            "version": clip.version,
            "split": clip.split,
            "questions": [self.question(question) for question in self.questions[clip.clip_id]],
        }
        if self.data.private is not None:
            shown |= self._truth(clip)
        return shown

    def question(self, question: PublicQuestion) -> dict[str, Any]:
        """A question, its answer where that is here, and what each run said to it."""
        shown: dict[str, Any] = {
            "id": question.question_id,
            "kind": question.kind,
            "reasoning": question.reasoning,
            "skills": question.skills,
            "text": legible(question.text),
            "prompt": legible(question.prompt),
            "format": question.format.model_dump(mode="json"),
            "asked_at": question.asked_at,
            "chance": question.chance,
            "min_frames": question.min_frames,
            "min_fps": question.min_fps,
            "said": [
                {"run": run, **asdict(said)} for run in self.runs if (said := self.runs[run].get(question.question_id))
            ],
        }
        if answer := self.answers.get(question.question_id):
            shown["answer"] = worded(question, answer.answer)
            if isinstance(answer.answer, str) and question.format.type == "choice":
                shown["letter"] = answer.answer
            shown["evidence"] = [span.model_dump(mode="json") for span in answer.evidence]
            shown["steps"] = [step.model_dump(mode="json") for step in answer.steps]
        return shown

    def _truth(self, clip: Clip) -> dict[str, Any]:
        from harness.gallery.motion import motion

        trace = self.data.trace(clip.clip_id)
        tracked = motion(self.data.tracks(clip.clip_id)) if trace.tracks_sha256 is not None else {}
        return {
            "objects": [thing.model_dump(mode="json", include={"id", "kind", "attributes"}) for thing in trace.objects],
            "events": [event.model_dump(mode="json") | {"claim": event.claim} for event in trace.events],
            "states": [state.model_dump(mode="json") for state in trace.states],
            "params": trace.params,
            "style": {name: value for name, value in trace.style.items() if name != "seed"},
            "tracks": tracked,
        }


def script(call: str, value: Any) -> bytes:
    """A data file: a call of the page with a value. Nothing in it can end a script element or a line."""
    return f"morse.{call}({json.dumps(value, separators=(',', ':')).replace('<', chr(92) + 'u003c')});\n".encode()


def page(title: str, source: str) -> str:
    """``index.html``; only its own script and style, known by their hashes, and data files from ``source`` run in it."""
    pages = environment()
    assert pages.loader is not None
    sources = [
        pages.loader.get_source(pages, f"view/{name}")[0] for name in ("page.css", *(f"{s}.js" for s in SCRIPTS))
    ]
    style, code = sources[0], '"use strict";\n' + "\n".join(sources[1:])
    # files of this package, and a text of it: nothing of a data set goes in unescaped
    plain = [Markup(text) for text in (source, style, code)]  # noqa: S704  # nosec B704
    return pages.get_template("view/page.html.j2").render(
        title=title,
        source=plain[0],
        style=plain[1],
        code=plain[2],
        style_hash=source_hash(style),
        code_hash=source_hash(code),
    )
