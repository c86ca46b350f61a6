"""Export: the report as JSON, as a page and on the terminal."""
