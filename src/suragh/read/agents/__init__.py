"""Logs of coding agents: what each keeps of its own sessions, and what its hooks are told."""
