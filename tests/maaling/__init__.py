"""Measurements: `make bench`. Ratios in one run, side by side and interleaved; never a timed test."""
