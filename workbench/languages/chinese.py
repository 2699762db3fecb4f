"""Chinese: safe corrections of machine output, and the places that no correction may touch."""

from __future__ import annotations

import re

from workbench.domain.language import Span
from workbench.languages.chinese_rules import TIDY, Rule

# Addresses, code, and brackets around foreign words stay byte for byte as they are.
PROTECTED = re.compile(
    r"(?:https?://|ftp://|www\.)[!-~\u00bf-\u04ff]+"
    r"|[\w.+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
    r"|`[^`\n]+`"
    r"|（[^（）\n]*[\u0400-\u04ff][^（）\n]*）"
    r"|\([^()\n]*[\u0400-\u04ff][^()\n]*\)"
    r"|\([^()\u4e00-\u9fff\n]*[A-Za-z][^()\u4e00-\u9fff\n]*\)",
    re.ASCII,
)
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
# Each round of rules removes at least one faulty character, so the rounds end by themselves;
# the bound only guards against a rule added later that does not.
ROUNDS = 50


def protected(text: str) -> tuple[Span, ...]:
    """Return the spans of *text* that no correction may touch, in order."""
    return tuple(Span(*match.span()) for match in PROTECTED.finditer(text))


def faults(rule: Rule, text: str) -> tuple[tuple[Span, str | None], ...]:
    """Return (span, replacement or None) for each breach of *rule* outside protected spans."""
    kept = protected(text)
    return tuple(
        (span, replacement)
        for span, replacement in rule.find(text)
        if not any(span.overlaps(other) for other in kept)
    )


def mend(rule: Rule, text: str) -> str:
    """Return *text* with every breach of *rule* corrected that has a correction."""
    for span, replacement in reversed(faults(rule, text)):
        if replacement is not None:
            text = text[: span.start] + replacement + text[span.end :]
    return text


class Chinese:
    """The target language as drafting needs it."""

    def tidy(self, text: str) -> str:
        """Return *text* with safe corrections; idempotent; text without Han stays as it is."""
        if not HAN.search(text):
            return text
        for _ in range(ROUNDS):
            before = text
            for rule in TIDY:
                text = mend(rule, text)
            if text == before:
                break
        return text
