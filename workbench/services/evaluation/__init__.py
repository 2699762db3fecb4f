"""Evaluation: sets, metrics, comparisons, runs, reports, effort and human judgement."""
