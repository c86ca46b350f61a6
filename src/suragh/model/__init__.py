"""The nouns: frozen values that every room speaks in. One meaning each, as docs/concepts.md has it."""
