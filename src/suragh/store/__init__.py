"""Store: the only room that knows files."""
