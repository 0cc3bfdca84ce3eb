"""A year by commands alone: its dates, its world, and its story, which tests/integration/test_year.py plays."""

import pytest

pytest.register_assert_rewrite("tests.year.world", "tests.year.winter", "tests.year.summer")
