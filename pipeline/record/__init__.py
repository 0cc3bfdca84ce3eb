"""What is kept: input bytes, what was reported, what we did."""
