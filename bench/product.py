"""The product as it is installed for use: without the analysis extra, whose pandas DuckDB would load."""

import sys


class _NoPandas:
    """Says that there is no pandas, as where the extra is not installed."""

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Refuse pandas and leave every other module to the next finder."""
        if name.partition(".")[0] == "pandas":
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, _NoPandas())  # in the processes it starts as well

if __name__ == "__main__":
    from flows.cli import main

    main()
