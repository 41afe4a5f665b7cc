"""How things move in one clip of a step: moves, fades, streams and tools, timed by the share of the step that is over."""

from generators.procedural._shots import Shot
from morse.timeline import Timeline

Place = tuple[float, float]


def add_contents(timeline: Timeline, name: str, at: Place, size: Place, *, changes: bool, z: float = 2.0) -> None:
    """The looks of what a thing holds: as it is before the step and, if that changes, as it is after it, still hidden."""
    for when, opacity in (("before", 1.0), ("after", 0.0))[: 1 + changes]:
        timeline.add(
            f"{when} in {name}", at, size, z=z if when == "before" else round(z + 0.1, 3), opacity=opacity,
            solid=False, tracked=False,
        )  # fmt: skip


class Moves:
    """Moves the actors of one clip through its step, which takes ``length`` seconds from ``start``."""

    def __init__(self, timeline: Timeline, shot: Shot, start: float, length: float) -> None:
        self.timeline, self.shot, self.start, self.length = timeline, shot, start, length

    def at(self, share: float) -> float:
        """The time at which a share of the step is over."""
        return round(self.start + round(share, 4) * self.length, 4)

    def move(self, name: str, to: Place, begin: float, end: float, ease: str = "smooth") -> None:
        self.timeline.move(name, to, self.at(begin), self.at(end), ease=ease)

    def change(self, name: str, channel: str, to: float, begin: float, end: float) -> None:
        self.timeline.change(name, channel, to, self.at(begin), self.at(end))

    def fade(self, name: str, begin: float, end: float) -> None:
        self.change(name, "opacity", 0.0, begin, end)

    def fill(self, vessel: str, begin: float, end: float) -> None:
        """Let what a thing holds turn into what it is after the step."""
        self.change(f"after in {vessel}", "opacity", 1.0, begin, end)
        self.timeline.change(f"before in {vessel}", "opacity", 0.0, self.at(end))

    def stream(self, name: str, top: Place, bottom: float, begin: float, end: float) -> None:
        """Something that runs down from ``top`` to the height ``bottom``."""
        height = top[1] - bottom
        self.timeline.add(
            name, (top[0], bottom + height / 2), (0.16, height), z=2.6, opacity=0.0, solid=False, tracked=False
        )
        self.change(name, "opacity", 1.0, begin, begin + 0.04)
        self.fade(name, end - 0.04, end)

    def extra(self, name: str, at: Place, z: float) -> None:
        """Something that is there for the step only, hidden at first."""
        self.timeline.add(name, at, (1, 1), z=z, opacity=0.0, solid=False, tracked=False)

    def tool(self, name: str, at: Place, z: float) -> None:
        """A utensil, there for the step only."""
        self.extra(name, at, z)
        self.change(name, "opacity", 1.0, 0.0, 0.06)
