"""Sigma: rule files made into conditions, correlations, and what is wrong with them."""
