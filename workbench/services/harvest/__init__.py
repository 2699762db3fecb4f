"""Bilingual pairs out of published bulletins: found, reviewed, taken into glossary and memory."""
