"""The flows that a Prefect server starts; each calls what a command calls, and decides nothing itself."""
