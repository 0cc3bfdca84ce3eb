"""The product as it is installed for use: without the analysis extra, whose pandas DuckDB would load."""

import sys


class _NoPandas:
    """Says that there is no pandas, as where the extra is not installed."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Refuse pandas and leave every other module to the next finder."""
        if name.partition(".")[0] == "pandas":
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, _NoPandas())

from flows.cli import main  # noqa: E402 (pandas has to be out of the way first)

if __name__ == "__main__":
    main()
