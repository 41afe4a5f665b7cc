"""``morse export`` and ``morse score --from``: what is in the files, and that a response is worth the same by every path."""

import base64
import csv
import hashlib
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
import types
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import av
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from harness.one_file import scorer
from harness.report import score_files
from morse.cli import main
from morse.dataset import open_dataset
from morse.export import webdataset
from morse.export.entries import Entry, task_name
from tests.numbered import CLIP_ID, FPS, number_of, write_numbered

COUNTS = 5
CUT = "q1"
"""The question that is asked at 3 s."""


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_numbered(tmp_path_factory.mktemp("numbered") / "set", counts=COUNTS)
    (folder / "public/README.md").write_text("---\nlanguage:\n- en\n---\n\n# A set\n\n> MORSE canary 0\n")
    return folder


def export(folder: Path, form: str, out: Path, *more: str) -> Result:
    return CliRunner().invoke(
        main, ["export", str(folder), "--to", form, "--out", str(out), "--views", str(out.parent / "views"), *more]
    )


def exported(folder: Path, form: str, out: Path, *more: str) -> Path:
    result = export(folder, form, out, *more)
    assert result.exit_code == 0, result.output
    assert {path.name for path in out.parent.iterdir()} <= {out.name, "views"}, "nothing is left beside it"
    return out


def numbers(video: bytes) -> list[int | None]:
    with av.open(io.BytesIO(video), "r") as container:
        return [number_of(frame.to_ndarray(format="rgb24")) for frame in container.decode(video=0)]


def whole(folder: Path) -> bytes:
    return (folder / f"public/videos/00/{CLIP_ID}.mp4").read_bytes()


def is_cut(video: bytes) -> bool:
    return numbers(video) == list(range(3 * FPS + 1))


# ── what is published ───────────────────────────────────────────────────────────────────────────────────────────────


def test_parquet_has_a_row_a_question_with_its_video_and_no_answers(numbered: Path, tmp_path: Path) -> None:
    out = exported(numbered, "huggingface", tmp_path / "out")
    file = out / "data/test-00000-of-00001.parquet"
    rows = pq.read_table(file).to_pylist()
    assert [row["question_id"] for row in rows] == [q.question_id for q in open_dataset(numbered).questions()]
    for row in rows:
        video = row["video"]["bytes"]
        assert row["video"]["path"] == hashlib.sha256(video).hexdigest()[:32] + ".mp4"
        assert is_cut(video) if row["question_id"] == CUT else video == whole(numbered)
        assert row["canary"] == "MORSE canary 0"
    assert not {"answer", "evidence", "steps"} & rows[0].keys()
    assert json.loads(rows[2]["format"])["options"] == ["x", "y", "z"]
    unique = {row["video"]["bytes"] for row in rows}
    assert file.stat().st_size < sum(map(len, unique)) + 25_000, "a video that several rows share stands there once"
    features = json.loads(pq.read_schema(file).metadata[b"huggingface"])["info"]["features"]
    assert features["video"] == {"_type": "Video"}
    card = (out / "README.md").read_text()
    assert card.startswith("---\nconfigs:\n- config_name: default\n") and "path: data/*.parquet" in card
    assert card.count("---\n") == 2 and "language:\n- en" in card and "MORSE canary 0" in card


def test_answers_go_along_when_told(numbered: Path, tmp_path: Path) -> None:
    result = export(numbered, "huggingface", tmp_path / "out", "--answers")
    assert "WITH their answers" in result.output
    rows = pq.read_table(tmp_path / "out/data").to_pylist()
    wanted = [answer.answer for answer in open_dataset(numbered).answers()]
    assert [json.loads(row["answer"]) for row in rows] == wanted


_LOAD = """
import hashlib, importlib.metadata, json, sys
try:
    importlib.metadata.version("datasets")
except importlib.metadata.PackageNotFoundError:
    sys.exit(77)
from datasets import Video, load_dataset
rows = load_dataset(sys.argv[1], cache_dir=sys.argv[2])["test"]
assert isinstance(rows.features["video"], Video), rows.features
plain = rows.cast_column("video", Video(decode=False))
print(json.dumps([[row["question_id"], hashlib.sha256(row["video"]["bytes"]).hexdigest()] for row in plain]))
"""


def test_datasets_loads_the_folder(numbered: Path, tmp_path: Path) -> None:
    out = exported(numbered, "huggingface", tmp_path / "a" / "out")
    variables = os.environ | {"HF_HOME": str(tmp_path / "hf"), "PYTHONPATH": "", "HF_HUB_OFFLINE": "1"}
    command = [sys.executable, "-c", _LOAD, str(out), str(tmp_path / "cache")]
    ran = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
    if ran.returncode == 77:
        pytest.skip("Hugging Face's datasets is not installed")
    assert ran.returncode == 0, ran.stderr
    hashes = dict(json.loads(ran.stdout.splitlines()[-1]))
    assert len(hashes) == 3 + COUNTS
    assert hashes["q0"] == hashlib.sha256(whole(numbered)).hexdigest() != hashes[CUT]


def test_croissant_is_valid_and_gives_the_rows(numbered: Path, tmp_path: Path) -> None:
    out = exported(numbered, "huggingface", tmp_path / "out")
    about = json.loads((out / "croissant.json").read_text())
    assert about["conformsTo"] == "http://mlcommons.org/croissant/1.1"
    (file,) = about["distribution"]
    assert file["sha256"] == hashlib.sha256((out / file["contentUrl"]).read_bytes()).hexdigest()
    mlcroissant = pytest.importorskip("mlcroissant", reason="mlcroissant is not installed")
    dataset = mlcroissant.Dataset(str(out / "croissant.json"))
    assert not dataset.metadata.issues.errors
    rows = list(dataset.records("questions"))
    assert len(rows) == 3 + COUNTS
    assert rows[0]["questions/prompt"] == b"Is it a or b?" and rows[0]["questions/video"] == whole(numbered)


def test_webdataset_has_a_sample_a_video_and_always_the_same_bytes(
    numbered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = exported(numbered, "webdataset", tmp_path / "a" / "out", "--answers")
    again = exported(numbered, "webdataset", tmp_path / "b" / "out", "--answers")
    assert (out / "00000.tar").read_bytes() == (again / "00000.tar").read_bytes()
    samples = _samples(out)
    assert len(samples) == 2
    for sample in samples.values():
        about = json.loads(sample["json"])
        asked = [question["question_id"] for question in about["questions"]]
        assert asked == [CUT] if is_cut(sample["mp4"]) else CUT not in asked and len(asked) == 2 + COUNTS
        assert about["sha256"] == hashlib.sha256(sample["mp4"]).hexdigest()
        assert all("answer" in question for question in about["questions"])
    monkeypatch.setattr(webdataset, "SHARD", 1)
    small = exported(numbered, "webdataset", tmp_path / "c" / "out")
    assert len(list(small.glob("*.tar"))) == 2 and _samples(small).keys() == samples.keys()
    assert all(
        "answer" not in q for sample in _samples(small).values() for q in json.loads(sample["json"])["questions"]
    )


def test_many_small_clips_fill_few_shards(numbered: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """None larger than it may be, none with room for more, and each sample once."""
    data = open_dataset(numbered)
    question, clip, most = next(data.questions()), next(data.clips()), 200_000
    video = tmp_path / "tiny.mp4"
    video.write_bytes(b"x" * 700)
    many = [
        Entry(
            question,
            None,
            clip.model_copy(update={"clip_id": f"{i:016x}"}),
            video,
            hashlib.sha256(b"%d" % i).hexdigest(),
        )
        for i in range(3000)
    ]
    monkeypatch.setattr(webdataset, "SHARD", most)
    (tmp_path / "out").mkdir()
    webdataset.write(data, iter(many), tmp_path / "out", target=tmp_path / "out", answers=False)
    sizes = [path.stat().st_size for path in sorted((tmp_path / "out").glob("*.tar"))]
    assert max(sizes) <= most
    assert min(sizes[:-1]) > 0.9 * most
    assert [*_samples(tmp_path / "out")] == [entry.name for entry in many]


def _samples(folder: Path) -> dict[str, dict[str, bytes]]:
    found: dict[str, dict[str, bytes]] = {}
    for shard in sorted(folder.glob("*.tar")):
        with tarfile.open(shard) as tar:
            for member in tar:
                name, _, kind = member.name.partition(".")
                content = tar.extractfile(member)
                assert content is not None
                found.setdefault(name, {})[kind] = content.read()
    return found


# ── the same score by every path ────────────────────────────────────────────────────────────────────────────────────

CANNED = {
    "q0": "I think that it is a.\nAnswer: a",
    "q1": "Answer: a",
    "q2": "Based on the video, it must be option (C).",
    "q3": "Answer: three",
    "q4": "Answer: 4 or 5",
    "q5": "I cannot say anything about this.",
    "q6": "\\boxed{6}",
    "q7": "Answer: 77",
}
"""Right, wrong, right in other words, hedged, unreadable, right, wrong."""


@pytest.fixture
def verdicts(numbered: Path, tmp_path: Path) -> dict[str, tuple[float, str]]:
    """By ``morse score``."""
    file = tmp_path / "canned.jsonl"
    rows = [{"question_id": name, "response": text} for name, text in CANNED.items()]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return _verdicts(numbered, file)


def _verdicts(dataset: Path, file: Path, tool: str | None = None) -> dict[str, tuple[float, str]]:
    report = score_files(dataset, file, tool=tool)
    return {row.question_id: (float(row.correct), row.outcome) for row in report.results}


def test_the_canned_responses_come_out_in_every_way(verdicts: dict[str, tuple[float, str]]) -> None:
    right, wrong, unparsed = (1.0, "scored"), (0.0, "scored"), (0.0, "unparsed")
    wanted = dict(zip(CANNED, [right, wrong, right, right, unparsed, unparsed, right, wrong], strict=True))
    assert verdicts == wanted


def _module(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("exported_file", file)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_lmms_eval_shows_the_videos_and_scores_alike(
    numbered: Path, tmp_path: Path, verdicts: dict[str, tuple[float, str]]
) -> None:
    out = exported(numbered, "lmms-eval", tmp_path / "x" / "out")
    (task,) = out.glob("*.yaml")
    text, sha256 = task.read_text(), open_dataset(numbered).sha256
    assert f"task: {task.stem}\n" in text and task.stem.endswith(sha256[:8]) and f"data_set: {sha256}" in text
    rows = [json.loads(line) for line in (out / "questions.jsonl").read_text().splitlines()]
    assert json.dumps(str((out / "questions.jsonl").resolve())) in text
    utils = _module(out / "utils.py")
    assert (out / "morse_scorer.py").read_text() == scorer()
    for named in ("doc_to_visual", "doc_to_text", "doc_to_target", "process_results", "accuracy"):
        assert f"!function utils.{named}\n" in text and callable(getattr(utils, named))
    samples = []
    for doc in rows:
        (video,) = map(Path, utils.doc_to_visual(doc))
        assert is_cut(video.read_bytes()) == (doc["question_id"] == CUT)
        assert video.stem == hashlib.sha256(video.read_bytes()).hexdigest()[:32]
        metrics = utils.process_results(doc, [CANNED[doc["question_id"]]])
        samples.append({"doc_id": len(samples), "filtered_resps": CANNED[doc["question_id"]], **metrics})
    judged = {row["morse_accuracy"]["question_id"]: row["morse_accuracy"] for row in samples}
    assert {name: (row["score"], row["outcome"]) for name, row in judged.items()} == verdicts
    assert utils.accuracy(list(judged.values())) == pytest.approx(4 / 8)
    log = tmp_path / "0_samples_x.jsonl"
    log.write_text("".join(json.dumps(sample) + "\n" for sample in samples))
    assert _verdicts(numbered, log, "lmms-eval") == verdicts


@pytest.fixture
def vlmeval(monkeypatch: pytest.MonkeyPatch) -> Iterator[types.SimpleNamespace]:
    """The names of VLMEvalKit that the launcher uses, as its sources have them."""
    known = ModuleType("vlmeval.dataset")
    known.__dict__.update(VIDEO_DATASET=[], DATASET_CLASSES=[], SUPPORTED_DATASETS=[], supported_video_datasets={})

    class VideoBaseDataset:
        INFER_FAIL_MARKERS = ("Failed to obtain answer via API.",)

    base, smp = ModuleType("vlmeval.dataset.video_base"), ModuleType("vlmeval.smp")
    base.__dict__["VideoBaseDataset"] = VideoBaseDataset
    smp.__dict__["load"] = _columns
    package = ModuleType("vlmeval")
    package.__dict__["dataset"] = known
    for module in (package, known, base, smp):
        monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.delenv("PRED_FORMAT", raising=False)
    yield types.SimpleNamespace(known=known)


class _Columns(dict[str, list[str]]):
    """A table by its columns; as long as it has rows."""

    def __len__(self) -> int:
        return len(next(iter(self.values())))


def _columns(file: str) -> _Columns:
    with Path(file).open(newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    return _Columns({name: [row[name] for row in rows] for name in rows[0]})


def test_vlmevalkit_scores_alike(
    numbered: Path, tmp_path: Path, verdicts: dict[str, tuple[float, str]], vlmeval: types.SimpleNamespace
) -> None:
    out = exported(numbered, "vlmevalkit", tmp_path / "x" / "out")
    launcher = _module(out / "run.py")
    cls = launcher.register(8, -1)
    name = launcher.NAME
    assert name == f"MORSE-{open_dataset(numbered).sha256[:8]}"
    assert cls.supported_datasets() == [name] and name in vlmeval.known.supported_video_datasets
    assert [cls] == vlmeval.known.DATASET_CLASSES
    where = cls.prepare_dataset(None, name)
    with Path(where["data_file"]).open(newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    for row in rows:
        video = Path(where["root"]) / f"{row['video']}.mp4"
        assert is_cut(video.read_bytes()) == (row["question_id"] == CUT)
    assert rows[2]["question"] == "Which one is it?\n\n(A) x\n(B) y\n(C) z"
    predictions = tmp_path / f"model_{name}.tsv"
    with predictions.open("w", newline="") as file:
        table = csv.DictWriter(file, [*rows[0], "prediction"], delimiter="\t")
        table.writeheader()
        table.writerows(row | {"prediction": CANNED[row["question_id"]]} for row in rows)
    assert _verdicts(numbered, predictions, "vlmevalkit") == verdicts
    assert cls.evaluate(str(predictions)) == {"accuracy": 0.5, "questions": 8, "failed": 0, "unparsed": 2}
    text = predictions.read_text().replace("Answer: 77", "Failed to obtain answer via API.")
    predictions.write_text(text)
    assert cls.evaluate(str(predictions)) == {"accuracy": 4 / 7, "questions": 8, "failed": 1, "unparsed": 2}
    assert _verdicts(numbered, predictions, "vlmevalkit")["q7"] == (0.0, "failed")


@pytest.mark.parametrize("by", ["the file beside the samples", "MORSE's own task"])
def test_inspect_scores_alike(
    numbered: Path, tmp_path: Path, verdicts: dict[str, tuple[float, str]], monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    pytest.importorskip("inspect_ai", reason="the extra run (inspect_ai) is not installed")
    monkeypatch.setenv("INSPECT_CACHE_DIR", str(tmp_path / "inspect"))
    from inspect_ai import eval as run
    from inspect_ai.model import ContentVideo, ModelOutput, ModelUsage, get_model

    from morse.inspect_entry import samples

    out = exported(numbered, "inspect", tmp_path / "x" / "out")
    prompts = {question.prompt: question.question_id for question in open_dataset(numbered).questions()}
    seen: dict[str, bytes] = {}

    def say(messages: Any, *_: Any) -> ModelOutput:
        video, text = messages[-1].content
        assert isinstance(video, ContentVideo)
        name = prompts[text.text]
        seen[name] = base64.b64decode(video.video.partition(",")[2])
        output = ModelOutput.from_content("canned", CANNED[name])
        output.usage = ModelUsage()
        return output

    model = get_model("mockllm/model", custom_outputs=say)
    task = (
        samples(str(out / "samples.jsonl"))
        if by == "MORSE's own task"
        else f"{out / 'task.py'}@{task_name(open_dataset(numbered))}"
    )
    (log,) = run(task, model=model, display="none", log_dir=str(tmp_path / "logs"), log_images=False)
    assert {name for name, video in seen.items() if is_cut(video)} == {CUT}
    (file,) = (tmp_path / "logs").glob("*.eval")
    assert _verdicts(numbered, file, "inspect") == verdicts
    judged = {str(sample.id): next(iter((sample.scores or {}).values())) for sample in log.samples or []}
    assert {name: (score.value, (score.metadata or {})["outcome"]) for name, score in judged.items()} == verdicts
    assert log.results is not None and log.results.scores[0].metrics["accuracy"].value == 0.5


# ── what is refused ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_cannot_be_exported_is_said_and_nothing_is_left(numbered: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/mine.txt").touch()
    for form, out, more, says in [
        ("inspect", "full", [], "not empty"),
        ("lmms-eval", "out", ["--no-answers"], "for which it needs them"),
        ("vlmevalkit", "out", ["--no-answers"], "for which it needs them"),
    ]:
        result = export(numbered, form, tmp_path / out, *more)
        assert result.exit_code == 2 and says in result.stderr and result.stderr.count("\n") == 1
    broken = tmp_path / "broken"
    shutil.copytree(numbered, broken)
    (broken / f"public/videos/00/{CLIP_ID}.mp4").unlink()
    result = export(broken, "webdataset", tmp_path / "out")
    assert result.exit_code == 2 and "no such file" in result.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"full", "broken"}


@pytest.mark.parametrize(
    ("tool", "name", "content", "says"),
    [
        ("lmms-eval", "a.jsonl", '{"doc_id": 0}\n', "not a sample of a task"),
        ("lmms-eval", "a.jsonl", "{", "broken JSON"),
        ("vlmevalkit", "a.tsv", "index\tprediction\n0\tx\n", "no question_id"),
        ("vlmevalkit", "a.xlsx", "PK", "PRED_FORMAT=tsv"),
        ("vlmevalkit", "a.tsv", "question_id\tprediction\nq0\tx\nq0\ty\n", "answered twice"),
        ("vlmevalkit", "a.tsv", "question_id\tprediction\nzz\tx\n", "does not have"),
        ("lmms-eval", "a.jsonl", "", "holds no responses"),
    ],
)
def test_a_file_that_is_not_of_the_tool_is_refused_in_one_line(
    numbered: Path, tmp_path: Path, tool: str, name: str, content: str, says: str
) -> None:
    (tmp_path / name).write_text(content)
    result = CliRunner().invoke(main, ["score", str(numbered), str(tmp_path / name), "--from", tool])
    assert result.exit_code == 2 and says in result.stderr and result.stderr.count("\n") == 1, result.output


def test_no_log_of_inspect_is_refused(numbered: Path, tmp_path: Path) -> None:
    pytest.importorskip("inspect_ai", reason="the extra run (inspect_ai) is not installed")
    for name, content in (("a.eval", "PK"), ("a.json", "{}"), ("a.txt", "x")):
        (tmp_path / name).write_text(content)
        result = CliRunner().invoke(main, ["score", str(numbered), str(tmp_path / name), "--from", "inspect"])
        assert result.exit_code == 2 and "not a log" in result.stderr and result.stderr.count("\n") == 1, result.output
