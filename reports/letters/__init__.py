"""Notices of intent as letters: what each says, how it is set, how it is checked, and the batch with its evidence."""
