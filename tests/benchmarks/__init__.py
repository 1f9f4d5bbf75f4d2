"""Measurements, not tests: `python -m tests.benchmarks` prints ratios, so that machines compare."""
