"""Repeatable measurements, each against a named comparison in the same run."""
