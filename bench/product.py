"""The product as it is installed for use: without the analysis extra, whose pandas DuckDB would load."""

import sys

sys.modules["pandas"] = None  # type: ignore[assignment]

from flows.cli import main  # noqa: E402 (pandas has to be out of the way first)

main()
