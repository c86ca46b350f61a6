"""Read: telemetry formats; bytes in, facts out."""
