"""Judge: harm and autonomy, verdicts, and when they could first be given."""
