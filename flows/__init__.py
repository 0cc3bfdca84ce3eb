"""How the work is started: the command line and the steps of a month."""
