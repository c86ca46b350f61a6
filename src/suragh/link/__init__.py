"""Link: rare things that sessions share."""
