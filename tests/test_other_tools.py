"""The exports in the tools that they are made for, as README prints the commands: each loads, plays, runs, and scores as MORSE does.

``MORSE_TOOLS`` names the Python of an environment that ``tests/install_tools`` has made; without it these tests are skipped. MORSE is not
installed there. Models answer canned text: a plug-in of lmms-eval and of inspect_ai, a server that VLMEvalKit asks.
"""

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from chat_server import chat_server
from click.testing import CliRunner
from numbered import write_numbered
from test_export import CANNED, COUNTS, exported

from harness.report import score_files
from morse.cli import main
from morse.dataset import open_dataset
from morse.export.entries import task_name

TOOLS = os.environ.get("MORSE_TOOLS")
pytestmark = pytest.mark.skipif(not TOOLS, reason="MORSE_TOOLS names no Python with the other tools")
Run = Callable[..., str]
SAID = CANNED | {"q7": "Answer: 7"}
"""Five of eight are right, so that a verdict turned round is another figure."""


@pytest.fixture(scope="module")
def numbered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_numbered(tmp_path_factory.mktemp("numbered") / "set", counts=COUNTS)
    (folder / "public/README.md").write_text("---\nlanguage:\n- en\n---\n\n# A set\n")
    return folder


@pytest.fixture
def run(tmp_path: Path, numbered: Path) -> Run:
    """Runs the tools' Python on some arguments, away from MORSE; returns what it printed."""
    prompts = {question.prompt: SAID[question.question_id] for question in open_dataset(numbered).questions()}
    (tmp_path / "canned.json").write_text(json.dumps(prompts))
    plugs = tmp_path / "plugs"
    (plugs / "canned-1.0.dist-info").mkdir(parents=True)
    (plugs / "canned-1.0.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: canned\nVersion: 1.0\n")
    (plugs / "canned-1.0.dist-info/entry_points.txt").write_text(
        "[lmms_eval.models]\ncanned = canned_lmms:MANIFEST\n[inspect_ai]\ncanned = canned_inspect\n"
    )
    (plugs / "canned_lmms.py").write_text(_LMMS)
    (plugs / "canned_inspect.py").write_text(_INSPECT)
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {
        "PYTHONPATH": str(plugs),
        "CANNED": str(tmp_path / "canned.json"),
        "HF_HUB_OFFLINE": "1",
        "HF_HOME": str(tmp_path / "hf"),
        "LMUData": str(tmp_path / "lmu"),
        "INSPECT_CACHE_DIR": str(tmp_path / "inspect"),
        "CUDA_VISIBLE_DEVICES": "",
    }

    def runs(*arguments: object) -> str:
        command = [str(TOOLS), *map(str, arguments)]
        ran = subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)
        assert ran.returncode == 0, f"{command}\n{ran.stdout[-3000:]}\n{ran.stderr[-5000:]}"
        return ran.stdout + ran.stderr

    return runs


def verdicts(dataset: Path, file: Path, tool: str | None = None) -> dict[str, tuple[float, str]]:
    report = score_files(dataset, file, tool=tool)
    return {row.question_id: (float(row.correct), row.outcome) for row in report.results}


@pytest.fixture
def wanted(numbered: Path, tmp_path: Path) -> dict[str, tuple[float, str]]:
    """What MORSE says of the canned responses: five of eight are right."""
    file = tmp_path / "responses.jsonl"
    file.write_text("".join(json.dumps({"question_id": name, "response": text}) + "\n" for name, text in SAID.items()))
    found = verdicts(numbered, file)
    assert sum(score for score, _ in found.values()) == 5 and len(found) == 8
    return found


def test_morse_is_not_installed_there(run: Run) -> None:
    assert "[]" in run(
        "-c", "import importlib.util as u; print([m for m in ('morse', 'harness') if u.find_spec(m) is not None])"
    )


def test_datasets_loads_rows_whose_videos_play(numbered: Path, tmp_path: Path, run: Run) -> None:
    out = exported(numbered, "huggingface", tmp_path / "x" / "out", "--answers")
    said = run("-c", _PLAY, out)
    assert "VideoDecoder" in said and "rows 8 frames 80 [3, 48, 128]" in said and "cut 25" in said, said
    assert "Done." in run(Path(str(TOOLS)).with_name("mlcroissant"), "validate", "--jsonld", out / "croissant.json")


def test_webdataset_reads_the_shards(numbered: Path, tmp_path: Path, run: Run) -> None:
    out = exported(numbered, "webdataset", tmp_path / "x" / "out")
    assert "samples 2 questions 8" in run("-c", _SHARDS, out)


def test_lmms_eval_runs_and_scores_alike(
    numbered: Path, tmp_path: Path, run: Run, wanted: dict[str, tuple[float, str]]
) -> None:
    out = exported(numbered, "lmms-eval", tmp_path / "x" / "out")
    name = task_name(open_dataset(numbered))
    options = ["--log_samples", "--output_path", tmp_path / "logs", "--model", "canned"]
    said = run("-m", "lmms_eval", "--include_path", out, "--tasks", name, *options)
    (row,) = [line for line in said.splitlines() if "morse_accuracy" in line]
    assert "0.625" in [cell.strip() for cell in row.split("|")], row
    (samples,) = (tmp_path / "logs").rglob(f"*_samples_{name}.jsonl")
    assert verdicts(numbered, samples, "lmms-eval") == wanted
    scored = CliRunner().invoke(main, ["score", str(numbered), str(samples), "--from", "lmms-eval"])
    assert scored.exit_code == 0 and "accuracy: 62.5 %" in scored.output, scored.output


def test_vlmevalkit_runs_and_scores_alike(
    numbered: Path, tmp_path: Path, run: Run, wanted: dict[str, tuple[float, str]]
) -> None:
    out = exported(numbered, "vlmevalkit", tmp_path / "x" / "out")
    prompts = json.loads((tmp_path / "canned.json").read_text())
    with chat_server(prompts.__getitem__) as server:
        options = ["--base-url", server.url, "--work-dir", tmp_path / "work", "--api-nproc", 2]
        run(out / "run.py", "--nframe", 4, "--model", "canned", *options)
        pictures = [part for part in server.requests[0]["messages"][-1]["content"] if part["type"] == "image_url"]
    assert len(pictures) == 4
    (predictions,) = {file.resolve() for file in (tmp_path / "work").rglob("canned_MORSE-*.tsv")}
    assert verdicts(numbered, predictions, "vlmevalkit") == wanted
    (verdict,) = {file.resolve() for file in (tmp_path / "work").rglob("*.morse.json")}
    assert json.loads(verdict.read_text()) == {"accuracy": 0.625, "questions": 8, "failed": 0, "unparsed": 2}


def test_inspect_runs_and_scores_alike(
    numbered: Path, tmp_path: Path, run: Run, wanted: dict[str, tuple[float, str]]
) -> None:
    out = exported(numbered, "inspect", tmp_path / "x" / "out")
    task = f"{out / 'task.py'}@{task_name(open_dataset(numbered))}"
    options = ["--model", "canned/model", "--log-dir", tmp_path / "logs", "--display", "plain"]
    said = run(Path(str(TOOLS)).with_name("inspect"), "eval", task, *options)
    assert "accuracy" in said and "0.625" in said, said
    (log,) = (tmp_path / "logs").glob("*.eval")
    assert verdicts(numbered, log, "inspect") == wanted


def test_what_is_learned_from_loads_and_is_rewarded_there(tmp_path: Path, run: Run) -> None:
    generate = ["generate", "--task", "cups", "--difficulty", "1", "--count", "1", "--size", "128x72", "--fps", "4"]
    made = CliRunner().invoke(main, [*generate, "--split", "train", "--workers", "1", "--out", str(tmp_path / "set")])
    assert made.exit_code == 0, made.output
    out = exported(tmp_path / "set", "training", tmp_path / "x" / "out")
    assert "every answer earns 1.0" in run("-c", _LEARN, out)


# ── what runs in the tools' Python ──────────────────────────────────────────────────────────────────────────────────

_PLAY = """
import sys
from datasets import load_dataset
rows = load_dataset(sys.argv[1])["test"]
first = rows[0]["video"]
print(type(first), "rows", len(rows), "frames", len(first), list(first[5].shape))
print("cut", len(rows[1]["video"]))
assert float(first[5].float().mean()) > 10
"""
_SHARDS = """
import glob, sys
import webdataset
found = list(webdataset.WebDataset(sorted(glob.glob(sys.argv[1] + "/*.tar")), shardshuffle=False).decode())
assert all(sample["mp4"][4:8] == b"ftyp" for sample in found)
print("samples", len(found), "questions", sum(len(sample["json"]["questions"]) for sample in found))
"""
_LEARN = """
import sys
sys.path.insert(0, sys.argv[1])
from datasets import load_dataset
from morse_scorer import reward_fn
taught = load_dataset("json", data_files=sys.argv[1] + "/sft.jsonl")["train"]
posed = load_dataset("json", data_files=sys.argv[1] + "/rl.jsonl")["train"]
said = {row["question_id"]: row["messages"][1]["content"][0]["text"] for row in taught}
earned = reward_fn([said[name] for name in posed["question_id"]], target=posed["target"], prompt=posed["prompt"])
assert len(earned) > 3 and set(earned) == {1.0}, earned
print("every answer earns 1.0")
"""
_LMMS = '''
import json
import os

import av
from lmms_eval.api.model import lmms
from lmms_eval.models.registry_v2 import ModelManifest

MANIFEST = ModelManifest(model_id="canned", simple_class_path="canned_lmms.Canned")


class Canned(lmms):
    """Plays the video that it is shown, then says what CANNED has for the prompt."""

    def __init__(self, batch_size=1, device=None, **_):
        super().__init__()
        with open(os.environ["CANNED"]) as file:
            self.said = json.load(file)

    def generate_until(self, requests):
        return [self.answer(*request.args) for request in requests]

    def answer(self, prompt, _, visual, number, task, split):
        (video,) = visual(self.task_dict[task][split][number])
        with av.open(video) as container:
            assert sum(1 for _ in container.decode(video=0)) in (25, 80)
        return self.said[prompt]

    def loglikelihood(self, requests):
        raise NotImplementedError

    def generate_until_multi_round(self, requests):
        raise NotImplementedError
'''
_INSPECT = '''
import base64
import json
import os

from inspect_ai.model import ModelAPI, ModelOutput, ModelUsage, modelapi


@modelapi(name="canned")
class Canned(ModelAPI):
    """Looks at the video that it is sent, then says what CANNED has for the prompt."""

    async def generate(self, input, tools, tool_choice, config):
        video, text = input[-1].content
        assert base64.b64decode(video.video.partition(",")[2])[4:8] == b"ftyp"
        with open(os.environ["CANNED"]) as file:
            output = ModelOutput.from_content("canned", json.load(file)[text.text])
        output.usage = ModelUsage()
        return output
'''
