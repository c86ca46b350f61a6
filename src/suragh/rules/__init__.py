"""Rules: Sigma rules as data, one file a rule, one folder a tactic."""
