"""Who is due a notice of intent, on which misses it relies, and who is held and why."""
