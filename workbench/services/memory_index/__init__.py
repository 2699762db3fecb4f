"""The fuzzy index of the memory: which units might resemble a sentence, or hold a word."""

from workbench.services.memory_index.features import words
from workbench.services.memory_index.files import Folder
from workbench.services.memory_index.index import Index

__all__ = ["Folder", "Index", "words"]
