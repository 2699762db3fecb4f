"""What a language model is told, and how its answer is cleaned."""

from __future__ import annotations

import re
from collections.abc import Sequence

from workbench.domain.ports import Request, TermHint

Message = dict[str, str]

_TASK = (
    "You translate Russian news and analysis into Simplified Chinese for publication. "
    "Translate the user's text completely and faithfully, in the written style of a Chinese "
    "news agency. Answer with the translation alone: no notes, no quotation marks around it, "
    "no repetition of the original."
)
_THINKING = re.compile(r"^.*?</think>|<think>.*$", re.DOTALL)
_FENCE = re.compile(r"^```\w*\n(.*?)\n?```$", re.DOTALL)
_LABEL = re.compile(r"^(?:译文|翻译|翻译结果|中文译文|Translation)\s*[:：]\s*", re.IGNORECASE)
_QUOTES = {"“": "”", '"': '"', "「": "」", "«": "»", "'": "'"}


def glossary(request: Request, hints: Sequence[TermHint] | None = None) -> list[tuple[str, str]]:
    """Return the (source, target) pairs of the hints, each once; all the request's by default."""
    given = request.terms if hints is None else hints
    pairs = ((hint.source or hint.span.of(request.text), hint.target) for hint in given)
    return list(dict.fromkeys(pairs))


def generic(request: Request) -> list[Message]:
    """A prompt that any instructed model follows."""
    lines = [_TASK]
    terms = glossary(request)
    if terms:
        lines.append("Render these names and terms exactly so:")
        lines += [f"{source} = {target}" for source, target in terms]
    if request.avoid:
        lines.append(f"Do not use: {'、'.join(request.avoid)}")
    if request.before:
        lines.append(f"The preceding sentence, for context only: {request.before}")
    messages = [
        {"role": "system", "content": "\n".join(lines)},
        {"role": "user", "content": request.text},
    ]
    if request.draft:
        lacking = "\n".join(f"{a} = {b}" for a, b in glossary(request, request.missing))
        asked = (
            "These names and terms are missing in your translation:\n"
            f"{lacking}\n"
            "Give the whole translation again with each of them written exactly so, in the place "
            "where the original has it. Change nothing else."
        )
        messages += _again(request.draft, asked)
    return messages


def _again(draft: str, asked: str) -> list[Message]:
    """The model's own draft and what is wrong with it, as two more turns."""
    return [{"role": "assistant", "content": draft}, {"role": "user", "content": asked}]


def hy_mt(request: Request) -> list[Message]:
    """The templates that HY-MT (Hunyuan-MT) was trained on; it knows no system message."""
    task = "将以下文本翻译为中文，注意只需要输出翻译后的结果，不要额外解释："
    terms = glossary(request)
    if terms:
        listed = "\n".join(f"{source} 翻译成 {target}" for source, target in terms)
        content = f"参考下面的翻译：\n{listed}\n\n{task}\n{request.text}"
    else:
        content = f"{task}\n\n{request.text}"
    messages = [{"role": "user", "content": content}]
    if request.draft:
        lacking = "\n".join(f"{a} 翻译成 {b}" for a, b in glossary(request, request.missing))
        asked = (
            f"上面的译文缺少以下译名：\n{lacking}\n\n"
            "请在相应位置使用上述译名，其余不变，只输出修改后的完整译文："
        )
        messages += _again(request.draft, asked)
    return messages


PROMPTS = {"generic": generic, "hy-mt": hy_mt}


def clean(answer: str, source: str) -> str:
    """Take off what models put around a translation, keeping quotes that the source has too."""
    text = _THINKING.sub("", answer).strip()
    fenced = _FENCE.match(text)
    if fenced:
        text = fenced[1].strip()
    text = _LABEL.sub("", text)
    if len(text) > 1 and not source.lstrip().startswith(tuple(_QUOTES)) and _wrapped(text):
        text = text[1:-1].strip()
    return text


def _wrapped(text: str) -> bool:
    """Tell whether one pair of quotes encloses the whole text."""
    closing = _QUOTES.get(text[0])
    inner = text[1:-1]
    return text[-1] == closing and text[0] not in inner and closing not in inner


def distinct(texts: Sequence[str]) -> list[str]:
    """Return the texts in order, each once."""
    return list(dict.fromkeys(texts))
