"""Observables: values in texts (addresses, hosts, paths, credentials, payment data), found and validated."""
