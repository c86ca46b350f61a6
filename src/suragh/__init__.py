"""Suragh finds intrusion campaigns run by AI agents, split over sessions and accounts, in the agents' telemetry."""
