"""Logs of requests: what providers of models, gateways and servers of tools are asked, and what they answer."""
