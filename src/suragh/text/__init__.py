"""Text: pure grammars over untrusted text."""
