"""The fuzzy index of the memory: which units might resemble a sentence, or hold a word."""

from workbench.services.memory_index.features import words
from workbench.services.memory_index.files import Damaged, Folder
from workbench.services.memory_index.index import Index, Told
from workbench.services.memory_index.state import State

__all__ = ["Damaged", "Folder", "Index", "State", "Told", "words"]
