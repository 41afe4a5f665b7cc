"""``morse compare`` and ``morse plan``: figures by hand, epochs, fresh sets, and what cannot be compared in one line each."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from datasets import question, write_dataset, write_responses

from harness.report import score_files, write_record
from harness.runs import Comparison, compare, read_runs
from harness.sample_size import SampleSize, intraclass
from harness.stats import threshold_text
from morse.cli import main
from morse.errors import BadInput
from morse.schema import Choice
from tests.simulated import clustered_uniforms, source

OPTIONS = Choice(options=("red", "green", "blue", "pink"))


def make_set(folder: Path, clips: int = 4, each: int = 2, prefix: str = "") -> Path:
    """``clips`` clips with ``each`` questions, all answered A; odd clips are level 2, and the last is temporal."""
    items = []
    for clip in range(clips):
        for k in range(each):
            category = "temporal" if clip == clips - 1 else "spatial"
            asked = question(
                clip * each + k, OPTIONS, clip=f"{prefix}{clip:x}".rjust(16, "0"), category=category, level=1 + clip % 2
            )
            items.append((asked.model_copy(update={"question_id": f"{prefix}q{clip * each + k}"}), "A"))
    return write_dataset(folder, items)


def said(file: Path, right: str, prefix: str = "", model: str | None = None) -> Path:
    """Responses from marks, one a question: 1 right, 0 wrong, x failed."""
    rows: list[dict[str, object]] = []
    for i, mark in enumerate(right):
        row: dict[str, object] = {"question_id": f"{prefix}q{i}", "response": {"1": "A", "0": "B", "x": None}[mark]}
        if mark == "x":
            row["error"] = "down"
        if model:
            row["model"] = model
        rows.append(row)
    return write_responses(file, rows)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make_set(tmp_path / "set")


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_paired_figures_by_hand(data, tmp_path):
    one, other = said(tmp_path / "one.jsonl", "11110100"), said(tmp_path / "other.jsonl", "1001010x")
    found = compare(read_runs([str(one), str(other)], data), by="category")
    (contrast,) = found.contrasts
    # in common q0 … q6; differences 0 1 1 0 | 0 0 0 → mean 2/7; clip sums of residuals: 1−4/7, 1−4/7, −4/7, −2/7
    assert contrast.paired and contrast.difference.questions == 7 and contrast.difference.clips == 4
    assert contrast.difference.mean == pytest.approx(2 / 7)
    squares = 2 * (3 / 7) ** 2 + (4 / 7) ** 2 + (2 / 7) ** 2
    assert contrast.difference.error == pytest.approx((squares * 4 / 3) ** 0.5 / 7)
    assert contrast.bootstrap is not None and contrast.bootstrap[0] <= 2 / 7 <= contrast.bootstrap[1]
    shares = contrast.both, contrast.only_first, contrast.only_second, contrast.neither
    assert shares == pytest.approx((3 / 7, 2 / 7, 0.0, 2 / 7))
    assert [row.name for row in found.runs] == ["one", "other"] and found.runs[1].failed == 1
    assert [group.group for group in found.groups] == [("spatial",), ("temporal",)]
    assert found.groups[0].difference.mean == pytest.approx(2 / 6)


def test_holm_over_all_pairs(data, tmp_path):
    files = [
        said(tmp_path / f"{name}.jsonl", marks) for name, marks in (("a", "1" * 8), ("b", "10110111"), ("c", "0" * 8))
    ]
    found = compare(read_runs(list(map(str, files)), data))
    raw = [contrast.difference.p for contrast in found.contrasts]
    assert [(c.first, c.second) for c in found.contrasts] == [("a", "b"), ("a", "c"), ("b", "c")]
    ranked = sorted(range(3), key=raw.__getitem__)
    worst = 0.0
    for rank, i in enumerate(ranked):
        worst = max(worst, min(1.0, (3 - rank) * raw[i]))
        assert found.contrasts[i].p_holm == pytest.approx(worst)


def test_runs_of_one_name_are_epochs(data, tmp_path):
    files = [said(tmp_path / f"{i}.jsonl", marks) for i, marks in enumerate(("11110000", "11000000", "00110000"))]
    zero = said(tmp_path / "zero.jsonl", "0" * 8)
    found = compare(read_runs([*(f"m={file}" for file in files), f"zero={zero}"], data))
    model = found.runs[0]
    assert model.epochs == 3 and model.score is not None and model.score.mean == pytest.approx(8 / 24)
    # four questions are right 2 times of 3, four never: pass@1 = 1/3, pass@2 = 1 − C(1,2)/C(3,2) = 1 for the former
    assert [model.pass_at[k].mean for k in (1, 2, 3)] == pytest.approx([1 / 3, 0.5, 0.5])
    assert found.contrasts[0].only_first == pytest.approx(8 / 24)


def test_fresh_sets_are_compared_unpaired(tmp_path):
    sets = [make_set(tmp_path / name, clips=8, prefix=prefix) for name, prefix in (("x", "e"), ("y", "f"))]
    reports = []
    for path, marks, prefix in zip(sets, ("1101" * 4, "0100" * 4), "ef", strict=True):
        report = score_files(path, said(tmp_path / f"{prefix}.jsonl", marks, prefix))
        write_record(report, tmp_path / f"{prefix}.json")
        reports.append(str(tmp_path / f"{prefix}.json"))
    found = compare(read_runs(reports))
    (contrast,) = found.contrasts
    assert not contrast.paired and contrast.both is None
    assert contrast.difference.mean == 0.5 and contrast.difference.questions == 32 and contrast.difference.clips == 16


def test_curves_stand_beside_the_scores(tmp_path):
    levels = [1 + i // 40 for i in range(240)]
    items = [(question(i, OPTIONS, clip=f"{i // 4:016x}", level=level), "A") for i, level in enumerate(levels)]
    path = write_dataset(tmp_path / "set", items)
    uniform = clustered_uniforms(source(1), 1, 60, 4, 0.2)[0]
    marks = "".join("1" if u < 0.25 + 0.75 * (level <= 3) else "0" for u, level in zip(uniform, levels, strict=True))
    easy, none = said(tmp_path / "model.jsonl", marks), said(tmp_path / "all.jsonl", "1" * 240)
    found = compare(read_runs([str(easy), str(none)], path))
    curve = found.runs[0].curves["spatial"]
    assert curve.threshold == pytest.approx(3.5, abs=0.5) and curve.levels == (1, 2, 3, 4, 5, 6)
    assert threshold_text(found.runs[1].curves["spatial"]).startswith(">6")


def test_the_command_prints_and_writes(data, tmp_path):
    one, other = said(tmp_path / "one.jsonl", "11110100", model="m [bold]"), said(tmp_path / "other.jsonl", "10010100")
    code, output = run(
        "compare", one, f"[r]={other}", "--dataset", data, "--by", "category, level", "--json", tmp_path / "c.json"
    )
    assert code == 0, output
    assert "one − [r]" in output and "+25.0" in output and "Holm" in output
    written = Comparison.model_validate_json((tmp_path / "c.json").read_bytes())
    assert written.contrasts[0].difference.mean == 0.25 and len(written.groups) == 3


def test_what_is_lost_in_seeing(data, tmp_path):
    """Of 8 items 2 are right on both views, 4 on the transcript alone, 1 on the video alone: seeing costs 3 of 8."""
    video, told = said(tmp_path / "video.jsonl", "11100000"), said(tmp_path / "told.jsonl", "11011110")
    code, output = run("compare", video, told, "--dataset", data, "--views", "--json", tmp_path / "v.json")
    assert code == 0, output
    cells = next(line.split() for line in output.splitlines() if line.startswith("all"))
    assert cells[1:6] == ["25.0", "50.0", "12.5", "12.5", "+37.5"]
    assert max(map(len, output.splitlines())) <= 80
    assert "recall" in output and "lost in seeing" in output
    (contrast,) = Comparison.model_validate_json((tmp_path / "v.json").read_bytes()).contrasts
    assert (contrast.only_second, contrast.only_first) == (0.5, 0.125)
    third = said(tmp_path / "third.jsonl", "11111111")
    code, output = run("compare", video, told, third, "--dataset", data, "--views")
    assert code == 2 and output.startswith("morse: --views takes two runs on the same questions")


def test_what_cannot_be_compared_is_said_in_one_line(data, tmp_path):
    one, other = said(tmp_path / "one.jsonl", "1" * 8), said(tmp_path / "other.jsonl", "0" * 8)
    broken = tmp_path / "broken.json"
    broken.write_text('{"recipe": 1}')
    report = score_files(data, one)
    write_record(report.model_copy(update={"recipe": "another"}), tmp_path / "another.json")
    write_record(report.model_copy(update={"results": report.results[:4]}), tmp_path / "half.json")
    for arguments, message in (
        ([one, "--dataset", data], "at least two runs of different names"),
        ([one, other], "responses need the data set"),
        ([one, tmp_path / "none.jsonl", "--dataset", data], "none.jsonl: no such file"),
        ([one, broken, "--dataset", data], "broken.json: "),
        ([one, tmp_path / "another.json", "--dataset", data], "is on recipe another v1, run 'one' on by-hand v1"),
        ([f"a={one}", f"a={tmp_path / 'half.json'}", "--dataset", data], "run 'a': its epochs are not over the same"),
        ([one, one, "--dataset", data], "a run .* is there already"),
        ([one, other, "--dataset", data, "--by", "colour"], "no grouping 'colour': the groupings are 'category'"),
        ([one, other, "--dataset", data, "--measure", "beauty"], "no measure 'beauty'"),
    ):
        result = CliRunner().invoke(main, ["compare", *map(str, arguments)])
        assert result.exit_code == 2 and result.output.count("\n") == 1, result.output
        with pytest.raises(AssertionError, match=message):
            raise AssertionError(result.output)
    with pytest.raises(BadInput, match="too many"):
        read_runs(["x.json"] * 101)


# ── morse plan ──────────────────────────────────────────────────────────────────────────────────────────────────────


def plan(*arguments: object) -> SampleSize:
    code, output = run("plan", *arguments, "--json")
    assert code == 0, output
    return SampleSize.model_validate_json(output)


def test_the_published_sample_size():
    """Miller: 3 points at a correlation of .5 take 2,180 paired questions; twice that unpaired; four a clip at ICC .3 × 1.9 / 4."""
    found = plan("--detect", 3, "--questions-per-clip", 1)
    assert round(found.independent_questions) == 2180 and found.clips == found.questions == 2181
    assert round(plan("--detect", 3, "--questions-per-clip", 1, "--unpaired").independent_questions) == 4360
    clustered = plan("--detect", 3)
    assert clustered.clips == 1036 and clustered.questions == 4144  # 2180.2 × 1.9 / 4
    assert plan("--clips", 1036).points == pytest.approx(3.0, abs=0.001)
    assert plan("--detect", 3, "--models", 3).assumed.alpha == pytest.approx(0.05 / 3)


def test_a_pilot_gives_its_own_figures(tmp_path):
    """Two runs whose differences have variance .25 and correlation .4 within clips of four."""
    path = make_set(tmp_path / "set", clips=400, each=4)
    uniform = clustered_uniforms(source(2), 1, 400, 4, 0.4)[0]
    one = said(tmp_path / "a.jsonl", "".join("1" if u < 0.125 else "0" for u in uniform))
    other = said(tmp_path / "b.jsonl", "".join("1" if u > 0.875 else "0" for u in uniform))
    found = plan("--detect", 3, "--pilot", one, other, "--dataset", path)
    assert found.assumed.variance == pytest.approx(0.25, abs=0.03)
    assert found.assumed.icc == pytest.approx(0.4, abs=0.06)
    assert found.assumed.questions_per_clip == 4.0


def test_intraclass_correlation_by_hand():
    """Two clips of two: means .5 and 1, grand mean .75; between = 2·(.25² + .25²)/1 = .25, within = .5/2 = .25 → 0."""
    assert intraclass([0.0, 1.0, 1.0, 1.0], "aabb") == 0.0
    assert intraclass([0.0, 0.0, 1.0, 1.0], "aabb") == 1.0
    # unequal: a = 0, 1, 1 and b = 1: size (4 − 10/4)/1 = 1.5; between = 3/36·… = 1/12, within = (2/3)/2 = 1/3 → below 0
    assert intraclass([0.0, 1.0, 1.0, 1.0], "aaab") == 0.0


def test_bad_plans_are_one_line(data, tmp_path):
    one, other = said(tmp_path / "one.jsonl", "1" * 8), said(tmp_path / "other.jsonl", "0" * 8)
    for arguments in (
        [],
        ["--detect", "3", "--clips", "5"],
        ["--detect", "0"],
        ["--detect", "3", "--icc", "2"],
        ["--detect", "3", "--pilot", one, one, "--dataset", data],
        ["--detect", "3", "--pilot", one, other, "--dataset", data],
        ["--detect", "3", "--pilot", one, other],
    ):
        code, output = run("plan", *arguments)
        assert code == 2 and output.count("\n") == 1, output


def test_json_is_json():
    assert json.loads(run("plan", "--detect", "5", "--json")[1])["clips"] == 373
