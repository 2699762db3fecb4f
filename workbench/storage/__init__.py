"""Persistence: one schema in SQLite and PostgreSQL."""
