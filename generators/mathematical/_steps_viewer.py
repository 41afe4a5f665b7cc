"""The experiments once more from what is shown: formulas read as they are written, curves and boxes as they are drawn."""

import ast
import re
from collections.abc import Callable
from typing import Any

import numpy as np
from pydantic import JsonValue

from generators.mathematical._steps_show import FIELDS
from morse.layout import Shown
from morse.schema import Question, Thing

Array = np.ndarray


def retold(question: Question, shown: Shown) -> JsonValue:
    """The answer to a question, in the terms of ``Question.truth``."""
    match question.kind:
        case "next" | "root" | "instead":
            return _newton(question, shown)
        case "ahead" | "above" | "half":
            return _euler(question, shown)
        case "so_far" | "boxes" | "integral" | "by_rule":
            return _sums(question, shown)
    return _functions(question, shown)


def _named(shown: Shown, name: str) -> Thing:
    return next(thing for thing in shown.objects if thing.id == name)


def read(text: str) -> Callable[[float, float], float]:
    """A formula in x and y as it is written: fractions, powers, and factors side by side."""
    text = text.strip("$").split("=")[-1]
    text = re.sub(r"\\d?frac{([^{}]*)}{([^{}]*)}", r"((\1)/(\2))", text.replace("y^2", "yy"))
    text = re.sub(r"(?<=[\dxy)])(?=[xy(])", "*", text)
    tree = ast.parse(text, mode="eval").body
    return lambda x, y: _worked_out(tree, {"x": x, "y": y})


def _worked_out(tree: ast.expr, names: dict[str, float]) -> float:
    match tree:
        case ast.BinOp(left, sign, right):
            one, other = _worked_out(left, names), _worked_out(right, names)
            match sign:
                case ast.Add():
                    return one + other
                case ast.Sub():
                    return one - other
                case ast.Mult():
                    return one * other
                case ast.Div():
                    return one / other
        case ast.UnaryOp(ast.USub(), inner):
            return -_worked_out(inner, names)
        case ast.Name(name):
            return names[name]
        case ast.Constant(value):
            return float(str(value))
    raise ValueError(f"no formula: {ast.unparse(tree)}")


def _newton(question: Question, shown: Shown) -> JsonValue:
    """With the slope as a difference, and from scipy's roots of the polynomial through some of its points."""
    from scipy.optimize import newton

    p = read(str(_named(shown, "newton given").attributes["formula"]))

    def value(x: float) -> float:
        return p(x, 0.0)

    def slope(x: float) -> float:
        return (value(x + 1e-5) - value(x - 1e-5)) / 2e-5

    start = _fraction(str(_named(shown, "iterate").attributes["start"]))
    if question.kind == "instead":
        start = float(str(question.slots["start"]).replace("−", "-"))
    if question.kind == "next":
        x = start
        for _ in range(1 + sum(event.kind == "tangent" for event in shown.events)):
            x -= value(x) / slope(x)
        return round(x, 4)
    found = float(np.real(newton(value, start, slope, maxiter=200)))
    scene: Any = shown.scene
    where = {thing.id: scene.place(thing.id, 0.0)[0] for thing in shown.objects if thing.kind == "root"}
    field = FIELDS["newton"]
    places = {name: _along((x - field.left) / field.wide, field.x) for name, x in where.items()}
    return min(places, key=lambda name: abs(places[name] - found)).removeprefix("root ")


def _along(share: float, ends: tuple[float, float]) -> float:
    """What an axis says at a share of its length."""
    return ends[0] + share * (ends[1] - ends[0])


def _fraction(text: str) -> float:
    top, _, bottom = text.partition("/")
    return int(top) / int(bottom or 1)


def _euler(question: Question, shown: Shown) -> JsonValue:
    """From where the point is seen, by steps in floating point, and by scipy's solver."""
    from scipy.integrate import solve_ivp

    rate = read(str(_named(shown, "euler given").attributes["formula"]))
    sides = [event for event in shown.events if event.kind == "side"]
    scene: Any = shown.scene

    field = FIELDS["euler"]

    def seen(time: float) -> float:
        return _along((scene.place("point", time)[1] - field.bottom) / field.high, field.y)

    start, last = round(seen(sides[0].start)), seen(sides[-1].end + 0.05)
    if question.kind == "above":
        solved = solve_ivp(lambda x, y: [rate(x, y[0])], (0.0, float(len(sides))), [float(start)], rtol=1e-8, atol=1e-9)
        return bool(last > solved.y[0, -1])
    upto = float(str(question.slots["x"]))
    x, y, step = (0.0, float(start), 0.5) if question.kind == "half" else (float(len(sides)), last, 1.0)
    while x < upto - 1e-9:
        y += step * rate(x, y)
        x += step
    return round(y, 4)


def _sums(question: Question, shown: Shown) -> JsonValue:
    """Areas of the drawn boxes by the shoelace formula, and the integral by quadrature of the line."""
    from scipy.integrate import quad

    if question.kind in ("so_far", "boxes"):
        come = [event for event in shown.events if event.kind == "box"]
        corners = [np.array(_named(shown, event.objects[0]).attributes["corners"]) for event in come]
        return round(sum(float(np.sum(x * np.roll(y, 1) - y * np.roll(x, 1))) / 2 for x, y in (c.T for c in corners)))
    parts = [thing for thing in shown.objects if thing.kind == "part"]
    heights: list[float] = []
    for part in parts:
        own = [float(str(value)) for value in part.attributes["values"]]  # type: ignore[union-attr]
        heights = [*heights[:-1], *own]
    x = np.arange(len(heights))

    def line(at: float) -> float:
        return float(np.interp(at, x, heights))

    if question.kind == "integral":
        return round(sum(float(quad(line, a, a + 1)[0]) for a in range(len(heights) - 1)))
    offset = {"left": 0.0, "middle": 1.0, "right": 2.0}[str(question.slots["other"])]
    return round(sum(2 * line(2 * i + offset) for i in range(len(parts))))


def _functions(question: Question, shown: Shown) -> JsonValue:
    """By interpolation between the corners of the drawn curves."""
    curves = {
        str(thing.attributes["letter"]): np.array(thing.attributes["values"], dtype=float)
        for thing in shown.objects
        if thing.kind == "curve"
    }

    def applied(letters: str, x: Array) -> Array:
        for letter in reversed(letters):
            x = np.interp(x, np.arange(9), curves[letter])
        return x

    whole = np.arange(9.0)
    match question.kind:
        case "composed":
            letters = "".join(sorted(curves, key="fghkpq".index))
            return round(float(applied(letters, np.array([float(str(question.slots["a"]))]))[0]))
        case "fixed":
            return int(np.argmin(np.abs(applied("fg", whole) - whole)))
        case "inverse":
            level = applied("g", np.array([float(str(question.slots["a"]))]))[0]
            fine = np.linspace(0.0, 8.0, 8001)
            return round(float(fine[int(np.argmin(np.abs(applied("f", fine) - level)))]))
    graphs = [np.array(_named(shown, f"functions graph {i}").attributes["drawn"], dtype=float) for i in range(1, 5)]
    wanted = applied("fg", np.linspace(0.0, 8.0, len(graphs[0])))
    return 1 + int(np.argmin([np.abs(graph - wanted).max() for graph in graphs]))
