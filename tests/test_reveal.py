"""A published half: checked from outside, telling nothing beside what it says, and proven to come from its seed."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import av
import pytest
from click.testing import CliRunner

from harness.verify import verify
from morse.cli import main
from morse.dataset import open_dataset
from morse.generate import generate
from morse.seeding import commitment
from morse.writing import FILE_TIME
from tests.toy_sets import InProcess, own_task, toy_recipe

SEED = "5eed" * 16


@pytest.fixture(autouse=True, scope="module")
def _toy() -> Iterator[None]:
    with own_task():
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "set"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("morse.generate.Workers", InProcess)
        generate(toy_recipe(count=2, levels=(8, 9)), folder, seed=SEED, workers=1, say=lambda _: None)
    return folder


@pytest.fixture
def published(made: Path, tmp_path: Path) -> Path:
    """The public half alone."""
    return Path(shutil.copytree(made / "public", tmp_path / "given" / "public")).parent


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(main, [*map(str, arguments)])
    return result.exit_code, result.output


@pytest.fixture
def opening(made: Path, tmp_path: Path) -> Path:
    file = tmp_path / "opening.json"
    code, said = run("reveal", made, "--out", file)
    assert code == 0 and str(file) in said
    return file


def test_what_is_revealed_proves_the_published_half(published: Path, opening: Path) -> None:
    given = json.loads(opening.read_text())
    assert given["plan"]["seed"] == SEED
    assert commitment(given["salt"], SEED) == open_dataset(published).manifest.commitment
    code, said = run("reveal", published, "--check", opening)
    assert code == 0 and "came from this seed: 4 clips, 8 questions made again alike" in said


def test_a_wrong_salt_or_seed_is_caught(published: Path, opening: Path) -> None:
    text = opening.read_text()
    salt = json.loads(text)["salt"]
    for change in (text.replace(salt, salt[::-1]), text.replace(SEED, "7" + SEED[1:])):
        opening.write_text(change)
        code, said = run("reveal", published, "--check", opening)
        assert code == 1 and "do not open the commitment" in said


def test_an_edited_question_or_row_is_caught_and_named(published: Path, opening: Path) -> None:
    """Hashes set right, as whoever edits a set would: only the seed tells."""
    questions = published / "public" / "questions.jsonl"
    before = questions.read_text()
    questions.write_text(before.replace("square", "circle", 1))
    clip = json.loads(before.splitlines()[0])["clip_id"]
    code, said = run("reveal", published, "--check", opening)
    assert code == 1 and f"clip {clip}: its questions are not those that the seed makes" in said
    questions.write_text(before)
    import pyarrow.parquet as pq

    table = published / "public" / "clips.parquet"
    rows = pq.read_table(table)
    splits = ["train", *rows["split"].to_pylist()[1:]]
    pq.write_table(rows.set_column(rows.column_names.index("split"), rows.schema.field("split"), [splits]), table)
    code, said = run("reveal", published, "--check", opening)
    assert code == 1 and "split is not what the seed makes" in said


def test_only_who_has_the_private_half_can_reveal(published: Path, made: Path, opening: Path, tmp_path: Path) -> None:
    code, said = run("reveal", published)
    assert code == 2 and "no private/ half" in said
    code, said = run("reveal", published, "--check", made / "public" / "manifest.json")
    assert code == 2 and said.count("\n") == 1
    copy = Path(shutil.copytree(made, tmp_path / "copy"))
    manifest = copy / "public" / "manifest.json"
    named = open_dataset(copy).manifest.commitment
    manifest.write_text(manifest.read_text().replace(named, named[::-1]))
    code, said = run("reveal", copy, "--out", tmp_path / "no.json")
    assert code == 2 and "do not open the commitment" in said and not (tmp_path / "no.json").exists()


def test_the_public_half_alone_is_checked_though_the_other_is_there(made: Path) -> None:
    code, said = run("verify", made, "--public", "--sample", "1", "--json")
    state = {row["check"]: row["passed"] for row in json.loads(said)["checks"]}
    assert code == 0
    assert state["files"] is state["telltales"] is state["manifest"] is state["videos decoded"] is True
    assert state["records"] is state["reference answers"] is None


def test_nothing_beside_the_records_tells_anything(made: Path) -> None:
    """Names are hashes of the secret seed, in the order of which all tables stand; all files bear one time; videos name no title,
    date or author; all clips of the set carry the canary."""
    public, manifest = made / "public", open_dataset(made).manifest
    files = [path for path in public.rglob("*") if path.is_file()]
    assert {path.stat().st_mtime for path in files} == {FILE_TIME}
    ids = [clip.clip_id for clip in open_dataset(made).clips()]
    assert ids == sorted(ids) and list(dict.fromkeys(q.clip_id for q in open_dataset(made).questions())) == ids
    for path in public.rglob("*.mp4"):
        with av.open(str(path)) as container:
            assert container.metadata["comment"] == manifest.canary
            assert container.metadata.keys() <= {
                "major_brand",
                "minor_version",
                "compatible_brands",
                "encoder",
                "comment",
            }
    everything = b"".join(path.read_bytes() for path in files)
    assert SEED.encode() not in everything
    assert all(manifest.canary in line for line in (public / "questions.jsonl").read_text().splitlines())
    assert manifest.canary in (public / "README.md").read_text()


def titled(path: Path) -> None:
    """A video that says in its title what is asked."""
    part = path.with_suffix(".part.mp4")
    with av.open(str(path)) as source, av.open(str(part), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0])
        target.metadata.update({**source.metadata, "title": "the answer is B"})
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    part.replace(path)


def test_a_video_that_says_more_is_found(published: Path) -> None:
    path = next((published / "public").rglob("*.mp4"))
    titled(path)
    found = {row.check: row.faults for row in verify(published, frames=False).rows}
    assert any("title = 'the answer is B'" in fault for fault in found["telltales"])
