"""Right files: worlds in which a careful person would see nothing wrong, and how often a check stops them all the same."""
