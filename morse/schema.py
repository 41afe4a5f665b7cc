"""The vocabulary of MORSE: what a clip carries, how a question is answered, what a data set says of itself.

All times are in seconds from the start of the clip; boxes are ``(left, top, right, bottom)`` as fractions of the frame.
"""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializeAsAny,
    Strict,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    model_validator,
)
from typing_extensions import TypeAliasType

Reasoning = Literal["recall", "infer", "predict", "explain", "counterfactual"]
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
HEARING = "sound"
"""The skill of questions that need what is heard."""
NAME = r"^[a-z0-9][a-z0-9_.-]{0,99}$"
"""What names of recipes and tasks look like; safe as a part of a path."""
SPLIT = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$"
"""What names of splits look like (:mod:`morse.splits`)."""

if TYPE_CHECKING:
    from pydantic import JsonValue
else:
    # pydantic's own calls back into Python for every value, when it is checked and again when it is written.
    _List, _Dict = Annotated["list[JsonValue]", Strict()], Annotated["dict[StrictStr, JsonValue]", Strict()]
    JsonValue = TypeAliasType(
        "JsonValue",
        Annotated["StrictStr | StrictBool | StrictInt | StrictFloat | _List | _Dict | None", SerializeAsAny()],
    )


class Record(BaseModel):
    """A frozen record that refuses fields it does not know. Validators are built when first used: importing stays quick."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


# ── how a question is answered ──────────────────────────────────────────────────────────────────────────────────────


class Format(Record):
    """What every answer format has."""

    may_abstain: bool = False
    """The question says that "cannot be answered" is a possible answer; the answer is then ``None`` where it is right."""


class Choice(Format):
    """One of the options; the answer is its letter."""

    type: Literal["choice"] = "choice"
    options: tuple[str, ...] = Field(min_length=2, max_length=26)

    @property
    def letters(self) -> str:
        return LETTERS[: len(self.options)]


class MultiChoice(Format):
    """All options that hold (at least one); the answer is the sorted list of their letters."""

    type: Literal["multi_choice"] = "multi_choice"
    options: tuple[str, ...] = Field(min_length=2, max_length=26)

    @property
    def letters(self) -> str:
        return LETTERS[: len(self.options)]


class Boolean(Format):
    """Yes (``True``) or no (``False``)."""

    type: Literal["boolean"] = "boolean"


class Integer(Format):
    """A whole number; exact."""

    type: Literal["integer"] = "integer"
    unit: str = ""


class Number(Format):
    """A number, right within ``max(absolute, relative × |answer|)``."""

    type: Literal["number"] = "number"
    unit: str = ""
    absolute: float = 0.0
    relative: float = 0.0
    decimals: int | None = None
    """How many decimals the question asks for, if it says so."""


class Text(Format):
    """One entry of a closed vocabulary."""

    type: Literal["text"] = "text"
    vocabulary: tuple[str, ...] = Field(min_length=2)
    noun: str = "word"
    """What the entries are, for the instruction: "colour", "cup"."""


class Sequence(Format):
    """Entries of a closed vocabulary in order, repeats allowed."""

    type: Literal["sequence"] = "sequence"
    vocabulary: tuple[str, ...] = Field(min_length=1)
    noun: str = "item"
    length: int | None = None
    """How many entries, if the question says so."""


class Permutation(Format):
    """An order of 1 … size."""

    type: Literal["permutation"] = "permutation"
    size: int = Field(ge=2)


class Set(Format):
    """Different entries of a closed vocabulary; order does not matter; may be empty."""

    type: Literal["set"] = "set"
    vocabulary: tuple[str, ...] = Field(min_length=1)
    noun: str = "item"


class Multiset(Format):
    """Entries of a closed vocabulary with repeats; order does not matter; may be empty."""

    type: Literal["multiset"] = "multiset"
    vocabulary: tuple[str, ...] = Field(min_length=1)
    noun: str = "item"


class Mapping(Format):
    """One vocabulary entry for each key; the answer is an object."""

    type: Literal["mapping"] = "mapping"
    keys: tuple[str, ...] = Field(min_length=1)
    vocabulary: tuple[str, ...] = Field(min_length=1)
    noun: str = "value"


class Grid(Format):
    """Rows of vocabulary entries, top row first, left to right; the answer is a list of lists."""

    type: Literal["grid"] = "grid"
    rows: int = Field(ge=1)
    columns: int = Field(ge=1)
    vocabulary: tuple[str, ...] = Field(min_length=1)
    noun: str = "cell"


class Plan(Format):
    """Operations, in order, that reach a goal. The answer is a :class:`PlanProblem`: its checker as data."""

    type: Literal["plan"] = "plan"
    syntax: str
    """How one operation is written, e.g. ``swap(a1, b2)``."""


class Span(Format):
    """From … to … seconds; the answer is ``[start, end]``."""

    type: Literal["span"] = "span"


class Boxes(Format):
    """A box per whole second; the answer maps the second to ``[left, top, right, bottom]`` in fractions of the frame."""

    type: Literal["boxes"] = "boxes"


class Masks(Format):
    """The pixels of one thing at some whole seconds; the answer maps the second to COCO's run-length code of its mask,
    ``{"size": [height, width], "counts": […]}`` (:mod:`harness.run_lengths`), of the size that is given here."""

    type: Literal["masks"] = "masks"
    height: int = Field(default=90, ge=1, le=2160)
    width: int = Field(default=160, ge=1, le=3840)


AnswerFormat = Annotated[
    Choice
    | MultiChoice
    | Boolean
    | Integer
    | Number
    | Text
    | Sequence
    | Permutation
    | Set
    | Multiset
    | Mapping
    | Grid
    | Plan
    | Span
    | Boxes
    | Masks,
    Field(discriminator="type"),
]


class Condition(Record):
    """A test of a state. ``term`` is written ``content(?a)`` with fluents, objects and parameters, nested at will."""

    term: str
    test: Literal["is", "is not", "is empty", "is not empty"] = "is"
    value: str | int | bool = True
    """For ``is`` and ``is not``; a text is a term too."""


class Effect(Record):
    """A change of a state. Terms are worked out in the state before the operation, whatever the other effects do."""

    action: Literal["set", "swap", "push", "pop"]
    term: str
    """The fluent that changes: ``content(?a)``. A stack is a list, its top last."""
    value: str | int | bool = ""
    """What it is set to, the fluent it swaps values with, or what is pushed; a text is a term."""


class Operator(Record):
    """An operation that a plan may use, with the objects that each parameter may stand for."""

    name: str
    parameters: dict[str, tuple[str, ...]] = {}
    """In the order of the written arguments: ``{"?a": ("a1", "a2"), "?b": ("a1", "a2")}``."""
    needs: tuple[Condition, ...] = ()
    does: tuple[Effect, ...]


class PlanProblem(Record):
    """The answer to a plan question: what a plan must do, for :mod:`harness.plans` to interpret, and one plan that does it."""

    initial: dict[str, JsonValue]
    """Fluent → value (a text, number, truth value, or a list with the top last). A fluent that is not named is false."""
    operators: tuple[Operator, ...]
    goal: tuple[Condition, ...] = Field(min_length=1)
    solution: tuple[str, ...]
    most_steps: int | None = None
    """The longest plan that is right, where the question asks for a shortest one or sets a limit."""


# ── what happens in a clip ──────────────────────────────────────────────────────────────────────────────────────────


class Thing(Record):
    """An object of a clip. ``id`` is what events, evidence and tracks call it."""

    id: str
    kind: str
    attributes: dict[str, JsonValue] = {}
    colour: str | None = None
    """A colour name of :data:`morse.style.COLOURS` if the object shows it at the middle of its box."""
    shape_fills_box: bool = True
    """Taking the object away changes most of its box (false for rings, outlines and sparse drawings)."""


class Event(Record):
    """Something that happens from ``start`` to ``end``; ``causes`` are the ids of events that brought it about."""

    id: str
    kind: str
    objects: tuple[str, ...]
    start: float
    end: float
    causes: tuple[str, ...] = ()
    values: dict[str, JsonValue] = {}
    shown: bool = True
    """Whether the clip shows it (a hidden event is part of the truth only)."""

    @property
    def claim(self) -> str:
        """The canonical claim that the event happened: ``swap(a2, c2)``."""
        return f"{self.kind}({', '.join(self.objects)})"


class State(Record):
    """The values of the world from ``start`` to ``end``; ``shown`` says whether the clip shows them."""

    start: float
    end: float
    values: dict[str, JsonValue]
    shown: bool = False


Timbre = Literal["flute", "reed", "horn", "hiss"]


class Tone(Record):
    """A tone that is heard, or with the timbre ``hiss`` a noise, from ``start`` for so many seconds."""

    start: float
    seconds: float = Field(gt=0)
    pitch: float = Field(default=440.0, ge=20, le=8000)
    """In Hz; that of a hiss means nothing."""
    timbre: Timbre = "flute"
    loudness: float = Field(default=1.0, gt=0, le=1)

    @property
    def end(self) -> float:
        return self.start + self.seconds


class Evidence(Record):
    """A stretch of the clip that the answer rests on, and the objects to look at there."""

    start: float
    end: float
    objects: tuple[str, ...] = ()


class Step(Record):
    """One reference step of the reasoning: perceived at a time, or inferred from earlier steps (``needs``: their indices)."""

    kind: Literal["perceive", "infer"]
    claim: str
    time: float | None = None
    needs: tuple[int, ...] = ()


class Question(Record):
    """A question with its answer. Tasks fill the upper part; the pipeline words it and fills the lower part."""

    kind: str
    """The question kind, a block of the task's template: ``final_position``."""
    slots: dict[str, JsonValue] = {}
    """What the template's words are filled with."""
    format: AnswerFormat
    answer: JsonValue
    """In the format's own terms: a letter for a choice, a list of letters for a multi-choice, else the value itself."""
    option_values: tuple[JsonValue, ...] = ()
    """For choices: what each option stands for, in the terms of ``Task.rederive``."""
    domain: tuple[JsonValue, ...] | None = None
    """All answers that are equally likely before the clip is seen (for choices: filled in with the letters)."""
    reasoning: Reasoning
    skills: tuple[str, ...] = ()
    """What it takes, the main thing first. :data:`HEARING` among them: it cannot be answered from pictures alone."""
    asked_at: float | None = None
    """Only the clip up to here may be seen (``None``: all of it)."""
    evidence: tuple[Evidence, ...] = ()
    steps: tuple[Step, ...] = ()
    chance: float | None = None
    """Expected score of a guess; filled in from ``domain`` where the task does not say."""
    min_frames: int = 2
    """How many frames at least are needed (1: one look answers)."""
    min_fps: float = 2.0
    """The coarsest frame rate, in frames a second, at which all evidence is seen."""

    phrasing: int = -1
    text: str = ""
    """The question in words, without options."""
    prompt: str = ""
    """What a model is given: the question, its options, and the wanted answer format."""

    @property
    def truth(self) -> JsonValue:
        """The answer in the terms of ``Task.rederive``: what the keyed option stands for, or the answer itself."""
        if isinstance(self.format, Choice) and isinstance(self.answer, str):
            return self.option_values[LETTERS.index(self.answer)]
        if isinstance(self.format, MultiChoice) and isinstance(self.answer, list):
            return [self.option_values[LETTERS.index(str(letter))] for letter in self.answer]
        return self.answer

    @model_validator(mode="after")
    def _options_have_values(self) -> "Question":
        if isinstance(self.format, Choice | MultiChoice):
            options, values = self.format.options, self.option_values
            if len(options) != len(values):
                raise ValueError(f"{self.kind}: {len(options)} options but {len(values)} option values")
            if len(set(options)) != len(options):
                raise ValueError(f"{self.kind}: two options read the same: {options}")
        return self


# ── what a data set says of itself ──────────────────────────────────────────────────────────────────────────────────


class Clip(Record):
    """The public row of a clip."""

    clip_id: str
    task: str
    category: str
    version: int
    level: int
    split: str
    duration: float
    frames: int
    fps: int
    width: int
    height: int
    video: str | None
    """Path inside ``public/``; ``None`` for a set without video."""
    video_sha256: str | None
    frames_hash: str | None
    """BLAKE2b-256 over the BLAKE2b-256 digests of the yuv420p frames that went into the encoder."""
    sound_hash: str | None = None
    """BLAKE2b-256 over the samples (16 bits, 48 kHz, one channel) that went into the encoder; ``None`` where the video has no sound."""


class PublicQuestion(Record):
    """What a model or another tool may see of a question."""

    question_id: str
    clip_id: str
    task: str
    category: str
    level: int
    kind: str
    reasoning: Reasoning
    skills: tuple[str, ...]
    text: str
    prompt: str
    format: AnswerFormat
    asked_at: float | None
    chance: float | None
    min_frames: int
    min_fps: float
    canary: str


class Omitted(Record):
    """A question that a clip does without: of which kind, and why, in a short fixed phrase ("unstable").

    A task's ``ask`` may give it among its questions; the pipeline counts it with the clip's rejections.
    """

    kind: str
    reason: str


class PrivateAnswer(Record):
    """The private half of a question."""

    question_id: str
    clip_id: str
    answer: JsonValue
    option_values: tuple[JsonValue, ...]
    domain: tuple[JsonValue, ...] | None
    evidence: tuple[Evidence, ...]
    steps: tuple[Step, ...]
    slots: dict[str, JsonValue]
    phrasing: int


class Trace(Record):
    """The hidden half of a clip: parameters, objects, events and states (tracks stand beside it as parquet)."""

    clip_id: str
    index: int
    attempt: int
    rejections: dict[str, int]
    params: dict[str, JsonValue]
    style: dict[str, JsonValue]
    objects: tuple[Thing, ...]
    events: tuple[Event, ...]
    states: tuple[State, ...]
    latent: str
    """Fingerprint of what happens, free of looks and times: equal for clips that are the same puzzle."""
    tracks_sha256: str | None = None
    """Hash of the tracks beside it; ``None`` for a set without video, which has no tracks."""
    sounds: tuple[Tone, ...] = ()
    """What is heard. The traces of clips without sound do not name it."""


class RecipePart(Record):
    """Some clips of one task at some levels."""

    task: str = Field(pattern=NAME)
    levels: tuple[Annotated[int, Field(ge=1)], ...] = Field(min_length=1)
    count: int = Field(ge=1)
    """Clips per level."""
    knobs: dict[str, Any] = {}


class Recipe(Record):
    """What a data set is made from, all but the seed: two sets of one recipe and version can be compared."""

    name: str = Field(pattern=NAME)
    version: int = Field(default=1, ge=1)
    about: str = ""
    parts: tuple[RecipePart, ...] = Field(min_length=1)
    split: str = Field(default="test", pattern=SPLIT)
    style: str = "varied"
    language: str = Field(default="en", pattern="^[a-z]{2,3}(-[a-z]{2,4})?$")
    width: int = Field(default=768, ge=64, le=7680, multiple_of=2)
    height: int = Field(default=432, ge=36, le=4320, multiple_of=2)
    fps: int = Field(default=24, ge=1, le=120)
    video: bool = True
    asks: tuple[Literal["steps", "evidence"], ...] = ()
    """What prompts ask for before the answer: the steps of the reasoning as claims, or where in the clip the evidence is."""
    prompt: int = Field(default=1, ge=1)
    """Version of the answer instructions (:data:`morse.wording.PROMPT_VERSION`)."""
    view: str = "video"
    """The view under which the headline score is measured."""
    headline: str = "accuracy"
    """What the headline score is."""


class Manifest(Record):
    """``public/manifest.json``: what the set is, what made it, and the hash of every public file."""

    schema_version: int = 1
    morse_version: str
    recipe: Recipe
    task_versions: dict[str, int]
    fingerprint: dict[str, str]
    """Versions of what renders; frames are equal only between equal fingerprints."""
    canary: str
    commitment: str
    """SHA-256 of salt and root seed, opened by ``morse reveal``."""
    clips: int
    questions: int
    complete: bool
    failed: dict[str, str] = {}
    """Clip id → reason, for clips that could not be made."""
    files: dict[str, str]
    """Path inside ``public/`` → SHA-256."""
