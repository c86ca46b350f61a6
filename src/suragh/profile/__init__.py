"""Profile: what is kept of sessions, as tables of rows with a join and a cut."""
