"""Dated parameters and reference data that travel with the product."""
