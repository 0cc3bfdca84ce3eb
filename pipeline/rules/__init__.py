"""Pure values: dated parameters, working days, windows, the dates of a notice."""
