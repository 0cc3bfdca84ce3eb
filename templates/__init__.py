"""Wording of what people receive."""
