"""The changes, in their order: ``v0001_first``, ``v0002_…``."""
