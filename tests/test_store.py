"""Data sets in a store: the bytes of one made in a folder, killed at whatever moment; nothing there looks complete before it is."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from morse.cli import main
from morse.dataset import open_dataset
from morse.errors import BadInput, WorkFailed
from morse.generate import generate
from morse.spool import make_in_store
from morse.store import Store, at_hand, location
from tests.toy_sets import ENVIRONMENT, InProcess, own_task, toy_recipe, tree

pytest.importorskip("s3fs")

SEED = "store"
RECIPE = toy_recipe(count=3)
OPTIONS = ("--task", "toy", "--difficulty", "1,2", "--count", "4", "--size", "64x36", "--fps", "8", "--seed", SEED)
SMALL_BATCHES = "import morse.spool; morse.spool.CLIPS = 2; from morse.cli import main; main()"


@pytest.fixture(autouse=True, scope="module")
def _toy() -> Iterator[None]:
    with own_task():
        yield


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine's cache, with the spool in it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr("morse.generate.Workers", InProcess)
    monkeypatch.setattr("morse.spool.CLIPS", 2)
    return tmp_path / "cache"


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The set as it is made in a folder."""
    folder = tmp_path_factory.mktemp("alone") / "set"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("morse.generate.Workers", InProcess)
        generate(RECIPE, folder, seed=SEED, say=quiet)
    return folder


@pytest.fixture
def memory() -> Iterator[str]:
    from fsspec.implementations.memory import MemoryFileSystem

    yield "memory://sets/one"
    MemoryFileSystem.store.clear()
    MemoryFileSystem.pseudo_dirs[:] = [""]


def quiet(_: str) -> None: ...


def make_there(url: str, seed: str | None = SEED) -> Any:
    made = lambda spool, writer, say: generate(RECIPE, spool, seed=seed, writer=writer, say=say)  # noqa: E731
    return make_in_store(url, made, quiet)


def files(folder: Path) -> dict[str, bytes | None]:
    return {name: content for name, content in tree(folder).items() if content is not None}


def held(url: str, folder: Path) -> dict[str, bytes | None]:
    """All that a store has of a set, as :func:`files`."""
    store = Store(url)
    store.fetch([*store.sizes()], folder)
    return files(folder)


class Stop(BaseException):
    """Stands for a kill -9: nothing catches it."""


def test_stopped_at_any_change_it_ends_in_the_same_bytes(
    alone: Path, memory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each change of the store in turn is the last that a process makes; then the same machine goes on, or one without its spool."""
    fs: Any = type(Store(memory)._fs)
    left, made = [0], list[str]()
    for change in ("pipe_file", "put_file", "rm_file"):
        monkeypatch.setattr(fs, change, _counted(getattr(fs, change), left, made))
    moment = 0
    for moment in range(100):
        url, left[0] = f"{memory}-{moment}", moment
        try:
            make_there(url)
            break
        except Stop:
            complete = b'"complete": true' in (Store(url).read("public/manifest.json") or b"")
        left[0] = 10**6
        if complete:  # then all of it is there already
            assert files(alone).items() <= held(url, tmp_path / f"early {moment}").items()
        if moment % 2:
            monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / f"machine {moment}"))
        assert make_there(url, seed=None if moment else SEED).complete
        assert held(url, tmp_path / str(moment)) == files(alone)
    assert {"pipe_file", "put_file", "rm_file"} == set(made)
    assert 20 < moment < 99


def _counted(plain: Any, left: list[int], made: list[str]) -> Any:
    def changed(*arguments: Any, **options: Any) -> Any:
        if left[0] == 0:
            raise Stop
        left[0] -= 1
        made.append(plain.__name__)
        return plain(*arguments, **options)

    return changed


def test_what_is_up_leaves_this_machine(memory: str, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A set may be larger than the disk: no more than a batch of clips is on it."""
    from morse.spool import StoreWriter

    most = [0]
    plain = StoreWriter.record

    def recorded(self: StoreWriter, line: str) -> None:
        plain(self, line)
        most[0] = max(most[0], len([*cache.rglob("*.mp4")]))

    monkeypatch.setattr(StoreWriter, "record", recorded)
    make_there(memory)
    assert most[0] == 1  # a batch is two clips, and up when the second is made
    assert not [*cache.rglob("*.jsonl"), *cache.rglob("*.parquet")]


def test_a_finished_set_and_others_are_told_apart(memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_there(memory)
    before = Store(memory).sizes()
    make_there(memory)  # is finished already
    assert Store(memory).sizes() == before
    with pytest.raises(BadInput, match=f"{memory} was begun with another seed"):
        make_there(memory, seed="other")
    Store("memory://sets/thesis").write("chapter.tex", b"x")
    with pytest.raises(BadInput, match=r"memory://sets/thesis: not empty, and not a data set"):
        make_there("memory://sets/thesis")
    assert Store("memory://sets/thesis").sizes() == {"chapter.tex": 1}


def test_a_clip_that_failed_is_retried_there(
    alone: Path, memory: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from morse.engine.local import Failure

    class Failing(InProcess):
        def run(self, function: Any, work: Any, *, limit: float, tries: int = 2) -> Iterator[Any]:
            for number, (job, result) in enumerate(super().run(function, work, limit=limit)):
                yield job, (Failure("it broke") if number == 1 else result)

    with monkeypatch.context() as patch:
        patch.setattr("morse.generate._try", lambda *_: None)
        patch.setattr("morse.generate.Workers", Failing)
        manifest = make_there(memory)
    assert (manifest.complete, manifest.clips) == (False, 5)
    [failed] = manifest.failed
    assert not [name for name in Store(memory).sizes() if failed in name]
    assert make_there(memory).complete
    assert held(memory, tmp_path / "copy") == files(alone)


def test_two_machines_that_begin_at_once(memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two different sets the second is refused by the plan that stands there, however late it looks."""
    plain = Store.create

    def late(self: Store, inside: str, content: bytes) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(Store, "create", plain)
            Store(self.url).create(inside, content.replace(b'"store"', b'"first"'))
        plain(self, inside, content)

    monkeypatch.setattr(Store, "create", late)
    with pytest.raises(BadInput, match="another data set is being written there"):
        make_there(memory)
    assert not [name for name in Store(memory).sizes() if name != "private/plan.json"]


def test_places_are_read_as_they_are_meant(tmp_path: Path) -> None:
    assert location("outputs/x") == Path("outputs/x")
    assert location("file:///data/a%20set") == Path("/data/a set")
    assert location("s3://bucket/set/") == "s3://bucket/set"
    for url, said in (
        ("nothing://x/y", "nothing://x/y: Protocol not known: nothing"),
        ("s3://", "give the set a name"),
    ):
        with pytest.raises(BadInput, match=said) as caught:
            make_there(url)
        assert "\n" not in str(caught.value)
    with pytest.raises(BadInput, match="only `morse score` and `morse verify` read from there"):
        open_dataset(Path("s3://bucket/set"))
    options = ("--task", "toy", "--seed", "x", "--rank", "0", "--world-size", "2", "--out", "s3://bucket/set")
    done = CliRunner().invoke(main, ["worker", *options])
    assert (done.exit_code, "only `morse generate` writes there" in done.stderr) == (2, True)
    with pytest.raises(BadInput, match="no finished data set there"):
        at_hand("memory://sets/none")


@pytest.mark.parametrize("name", ["public/../../x", "public//x", "public/a\\b"])
def test_names_that_lead_out_of_a_set_are_refused(name: str, memory: str, monkeypatch: pytest.MonkeyPatch) -> None:
    make_there(memory)
    store: Any = Store(memory)
    fs = type(store._fs)
    plain = fs.find
    monkeypatch.setattr(fs, "find", lambda self, root, **o: plain(self, root, **o) | {f"{root}/{name}": {"size": 1}})
    with pytest.raises(BadInput, match="leads out of the data set"):
        at_hand(memory)


# ── s3 ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A server of S3's protocol on the loopback, with a bucket; its address."""
    from moto.server import ThreadedMotoServer

    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "AWS_ACCESS_KEY_ID": "x",
            "AWS_SECRET_ACCESS_KEY": "x",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
        }.items():
            patch.setenv(name, value)
        import s3fs

        s3fs.S3FileSystem(skip_instance_cache=True).mkdir("bucket")
        yield f"http://{host}:{port}"
    server.stop()


def run_there(*arguments: str | Path, **variables: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", SMALL_BATCHES, *map(str, arguments)]
    aws = {name: value for name, value in os.environ.items() if name.startswith(("AWS_", "XDG_"))}
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=ENVIRONMENT | aws | variables, stdout=pipe, stderr=pipe, text=True)


def test_killed_while_it_goes_to_s3_another_machine_ends_it(s3: str, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    local = run_there("generate", *OPTIONS, "--out", folder, "--workers", "1")
    command = ("generate", *OPTIONS, "--out", "s3://bucket/toys/one", "--workers", "1")
    process = run_there(*command, TOY_FAULT="slow:0.3")
    store = Store("s3://bucket/toys/one")
    end = time.monotonic() + 100
    while not store.sizes(".work/journal"):
        assert process.poll() is None and time.monotonic() < end, process.communicate()
        time.sleep(0.1)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert store.read("public/manifest.json") is None
    done = run_there(*command, XDG_CACHE_HOME=str(tmp_path / "other machine"))
    out, err = done.communicate(timeout=200)
    assert done.returncode == 0, err
    assert "going on with s3://bucket/toys/one: 2 of 8 clips are there" in out or "4 of 8" in out, out
    assert "morse score s3://bucket/toys/one RESPONSES.jsonl" in out
    assert local.wait(200) == 0
    assert held("s3://bucket/toys/one", tmp_path / "copy") == files(folder)
    assert store.sizes().keys() == files(folder).keys()

    answers = open_dataset(folder).answers()
    responses = tmp_path / "responses.jsonl"
    responses.write_text(
        "".join(json.dumps({"question_id": a.question_id, "response": f"Answer: {a.answer}"}) + "\n" for a in answers)
    )
    ours, theirs = (
        CliRunner().invoke(main, ["score", str(place), str(responses)]) for place in (folder, "s3://bucket/toys/one")
    )
    assert theirs.exit_code == 0, theirs.output
    assert theirs.stdout == ours.stdout
    verified = CliRunner().invoke(main, ["verify", "s3://bucket/toys/one", "--public", "--workers", "1"])
    assert verified.exit_code == 0, verified.output


def test_a_bucket_that_is_not_there_is_one_line(s3: str) -> None:
    with pytest.raises(BadInput, match="s3://nothing/set: ") as caught:
        make_there("s3://nothing/set")
    assert "\n" not in str(caught.value)


def test_a_store_that_cannot_be_reached_is_one_line(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(WorkFailed, match="s3://bucket/set: ") as caught:
        make_there("s3://bucket/set")
    assert "\n" not in str(caught.value)
