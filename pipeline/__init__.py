"""The rules and the store: bytes in; outcomes, statuses and checks out."""
