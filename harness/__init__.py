"""Scores model responses without a judge model; gates, baselines and reports."""
