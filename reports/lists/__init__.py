"""The lists people open: national files for machines, one CSV a provider type for each authority."""
