"""The built wheel holds all that a clip needs: installed outside the checkout, it makes one."""

import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).parents[1]


def _run(*command: str | Path, cwd: Path) -> str:
    ran = subprocess.run(list(map(str, command)), cwd=cwd, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout


def test_the_wheel_makes_a_clip_in_an_environment_of_its_own(tmp_path: Path) -> None:
    _run(
        *(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"),
        *("--wheel-dir", tmp_path / "wheels", ROOT),
        cwd=tmp_path,
    )
    (wheel,) = (tmp_path / "wheels").glob("morse_bench-*.whl")
    _run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "env", cwd=tmp_path)
    python = tmp_path / "env/bin/python"
    site = Path(_run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=tmp_path).strip())
    _run(
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
        cwd=tmp_path,
    )
    # The locked dependencies are lent; a .pth line does not bring along the checkout's own editable install.
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    for package in ("morse", "generators", "harness", "templates"):
        where = _run(python, "-c", f"import {package}; print({package}.__file__)", cwd=tmp_path)
        assert where.startswith(str(site)), f"{package} comes from {where}"

    out = tmp_path / "set"
    command = tmp_path / "env/bin/morse"
    (tmp_path / "templates").mkdir()  # a folder of the user's own by one of our names must not be in the way
    options = ("--task", "cups", "--difficulty", "1", "--count", "1", "--size", "256x144", "--fps", "8")
    _run(command, "generate", *options, "--seed", "wheel", "--out", out, "--workers", "1", cwd=tmp_path)

    (video,) = (out / "public/videos").glob("*/*.mp4")
    assert video.stat().st_size > 1000
    assert (out / "public/questions.jsonl").read_text().count("\n") >= 4
    for recipe in ("mini", "standard", "hard"):
        assert (site / f"morse/recipes/{recipe}.toml").exists()
