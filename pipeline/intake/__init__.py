"""From the bytes of one file to typed facts and findings, or one clear refusal."""
