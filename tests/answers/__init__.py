"""Answers, asked for through the seams that people use."""
