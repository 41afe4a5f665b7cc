"""Models, asked through inspect_ai: it retries, limits how many calls run at once, keeps answers, and counts tokens and cost.

:mod:`~harness.models.questions` makes its samples of a data set's questions, :mod:`~harness.models.openai_video` and
:mod:`~harness.models.offline` are providers of ours, :mod:`~harness.models.logs` reads its logs back, and
:mod:`~harness.models.evaluate` is ``morse evaluate``. All but ``logs`` need the extra ``run``.
"""
