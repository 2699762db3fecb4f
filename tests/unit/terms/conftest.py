"""A glossary without a service: the shipped entries in a fresh database, loaded once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from annotated_terms import GLOSSARY

from workbench.services.terminology import Terminology, open_terminology
from workbench.storage.database import Database
from workbench.storage.terms import Terms


@pytest.fixture(scope="session")
def shipped_terminology(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminology]:
    """The shipped glossary; nothing may be saved in it."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('terms') / 'terms.sqlite'}")
    yield open_terminology(Terms(database), GLOSSARY)
    database.close()
