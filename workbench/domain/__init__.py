"""The words of the trade as frozen dataclasses and Protocols; standard library only."""
