"""A terminal in time: its lines, what is typed on them, and how they look."""

from typing import Any, Generic

from generators.latent_state._hidden_looks import draw_passing
from generators.latent_state._hidden_show import Showing
from generators.latent_state._hidden_state import Life, Operation, S
from morse.layout import Layout
from morse.schema import Thing
from morse.seeding import Rng
from morse.style import Style, mix

FOLDERS = ("docs", "pics", "work", "music", "trash", "games")
IDLE = ("pwd", "date", "whoami", "sleep 1", "echo done", "uname", "df", "history", "echo ok", "id")
THEMES = (
    ("#101418", "#e6edf3"),
    ("#0b1f0f", "#8ff0a4"),
    ("#1d1f33", "#f1e9d2"),
    ("#fbfaf4", "#22272e"),
    ("#2b1a2f", "#ffd9ec"),
)
"""Colours of the terminal: paper and letters."""
LETTER = 0.62
WIDTH = 13.6


class Terminal(Generic[S]):
    """The lines of the terminal in time."""

    def __init__(self, life: Life[S], rng: Rng) -> None:
        self.life, self.rng, self.rules = life, rng, life.rules
        self.show: Showing[S] = Showing(life, rng)
        self.things: list[Thing] = []

    def layout(self) -> Layout:
        self.show.play(self.reveal, self.type, {"idle": self.idle, "feint": self.comment})
        return self.show.layout(self.things)

    def reveal(self, start: float, up: float, down: float | None, end: float) -> tuple[str, ...]:
        lines = [("command", "ls *")]
        width = max(len(folder) for folder in FOLDERS)
        for folder, files in self.rules.values(self.life.seen).items():
            assert isinstance(files, list)
            lines.append(("listing", f"{folder + ':':<{width + 1}} {'  '.join(map(str, files))}"))
        names = [self._line(kind, text, 2.9 - 0.95 * i) for i, (kind, text) in enumerate(lines)]
        return self.show.fade(names, start, up, down, end)

    def type(self, operation: Operation, start: float, end: float) -> tuple[str, ...]:
        return self._typed(command(operation), start, end)

    def idle(self, start: float, end: float) -> tuple[str, ...]:
        return self._typed(self.rng.choice(IDLE), start, end)

    def comment(self, start: float, end: float) -> tuple[str, ...]:
        """A command that is commented out does nothing."""
        operation = self.rules.any_operation(self.rules.any_state(self.rng), None, self.rng, False)
        return self._typed(f"# {command(operation)}", start, end)

    def _typed(self, text: str, start: float, end: float) -> tuple[str, ...]:
        name = self._line("command", text, self.rng.choice((2.9, 1.95, 1.0, 0.05)))
        self.show.line.change(name, "opacity", 1.0, start, round(start + 0.15, 3))
        self.show.line.change(name, "opacity", 0.0, round(end - 0.1, 3), end)
        return (name,)

    def _line(self, kind: str, text: str, height: float) -> str:
        name = f"line {len(self.things) + 1}"
        self.show.line.add(name, (0.0, height), (WIDTH, 0.8), z=2, solid=False, opacity=0.0)
        self.things.append(Thing(id=name, kind=kind, attributes={"text": text}, shape_fills_box=False))
        return name


def draw_terminal(layout: Layout, stage: Any, style: Style) -> None:
    """Put the terminal on a stage."""
    from manim import Circle, RoundedRectangle

    from morse.stage.lettering import lettering

    paper, ink = style.pick("theme", THEMES)
    edge = {"stroke_color": mix(paper, ink, 0.5), "stroke_width": 3 * style.line}
    stage.backdrop(
        RoundedRectangle(width=15.4, height=8.5, corner_radius=0.25, fill_color=paper, fill_opacity=1, **edge)
    )
    bar = {"fill_color": mix(paper, ink, 0.18), "fill_opacity": 1, "stroke_width": 0}
    stage.backdrop(RoundedRectangle(width=15.3, height=0.62, corner_radius=0.2, **bar).shift((0.0, 3.9, 0.0)))
    for i, hue in enumerate(style.pick("buttons", (("#e0443e", "#dea123", "#1aab29"), (mix(paper, ink, 0.5),) * 3))):
        stage.backdrop(Circle(0.13, fill_color=hue, fill_opacity=1, stroke_width=0).shift((-7.2 + 0.42 * i, 3.9, 0.0)))
    prompt = style.pick("prompt", ("$ ", "> ", "~ $ "))
    for thing in layout.objects:
        if thing.kind in ("command", "listing"):
            text = str(thing.attributes["text"])
            text = prompt + text if thing.kind == "command" else text
            at = (-WIDTH / 2, 0.0)
            font = {"font": "DejaVu Sans Mono", "cut": "bold", "side": "left", "on_line": True}
            stage.add(thing.id, lettering(text, LETTER, ink, at=at, most_width=WIDTH, **font))
    draw_passing(layout, stage, style)


def command(operation: Operation) -> str:
    """An operation as it is typed: ``mv docs/{ant,bee} pics/``."""
    places = places_of(operation)
    files = operation.objects[len(places) :]
    named = files[0] if len(files) == 1 else "{" + ",".join(files) + "}"
    source = f"{operation.kind} {places[0]}/{named}"
    return f"{source} {places[1]}/" if len(places) > 1 else source


def places_of(operation: Operation) -> tuple[str, ...]:
    """The folders that a command names."""
    return operation.objects[: 2 if operation.kind in ("cp", "mv") else 1]
