"""Whatever in ``stack/`` others must accept, checked without running them: ``make stack-check``.

One module a check, each with ``check()``, which says what it looked at and what is wrong. A tool that is not installed
is named and its check left out; in CI that is a failure.
"""
