"""Sets are the same on all processors: OpenBLAS chooses its kernels by the processor, and theirs differ in the last bits."""

import json
import os
import platform
import subprocess
import sys

import pytest

from morse.pipeline import imagine, make_key
from morse.task import registry
from tests.golden import record_hash

LEVELS = (4, 10)
KERNELS = {"x86_64": ("Nehalem", "Haswell"), "AMD64": ("Nehalem", "Haswell"), "aarch64": ("ARMV8", "NEOVERSEN1")}


def made() -> dict[str, str]:
    """What each task makes that promises the same on all processors."""
    stable = [task for task in registry().tasks.values() if not task.unstable]
    return {
        f"{task.name} level {level}": record_hash(imagine(make_key(task, level, "processors", 0)))
        for task in stable
        for level in LEVELS
    }


@pytest.mark.skipif(platform.machine() not in KERNELS, reason="no kernels are known for this processor")
def test_records_are_the_same_whatever_kernels_openblas_takes() -> None:
    told = []
    for kernel in KERNELS[platform.machine()]:
        environment = os.environ | {
            "OPENBLAS_CORETYPE": kernel,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
        }
        command = [sys.executable, "-m", "tests.test_processors"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        told.append(json.loads(done.stdout))
    one, other = told
    assert {what for what in one if one[what] != other[what]} == set()


if __name__ == "__main__":
    print(json.dumps(made()))
