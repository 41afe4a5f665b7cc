"""Simulated evaluations: right and wrong answers to the questions of clips, as many at once as there are rows."""

import numpy as np


def source(seed: int) -> np.random.Generator:  # noqa: TID251
    return np.random.Generator(np.random.PCG64(seed))  # noqa: TID251


def clustered_uniforms(draws: np.random.Generator, rows: int, clips: int, each: int, icc: float) -> np.ndarray:  # noqa: TID251
    """(rows, clips · each) uniforms. Each question takes its clip's draw with probability √icc and one of its own otherwise, so
    that two questions of a clip are equal with probability icc and independent else: any threshold gives a correlation icc."""
    shared = np.repeat(draws.random((rows, clips)), each, axis=1)
    own = draws.random((rows, clips * each))
    return np.where(draws.random(own.shape) < np.sqrt(icc), shared, own)
