"""Servers that start the flows: on one machine by `make up`, on a real host by the units beside this."""
