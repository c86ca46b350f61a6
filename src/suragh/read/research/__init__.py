"""Logs of research programs: runs of agents on tasks and in laboratories."""
