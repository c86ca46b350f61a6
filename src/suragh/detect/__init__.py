"""Detect: rules and observables, found in one scan of each text."""
