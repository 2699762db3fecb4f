"""Language models behind an OpenAI-compatible endpoint: vLLM, Ollama, llama.cpp and others."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from itertools import islice
from typing import Any

import httpx

from workbench.domain.language import RU_ZH, Pair
from workbench.domain.ports import EngineInfo, Request, Stop, never
from workbench.domain.row import Candidate
from workbench.engines import Endpoint, Setup
from workbench.engines.prompts import PROMPTS, clean, distinct
from workbench.errors import Cancelled, EngineError

# Further candidates are sampled: the first answer is the one the endpoint was set up to give.
# Each costs a whole request, so there are few, and ``info`` does not offer them.
_SAMPLING_TEMPERATURE = 0.7
_MOST_SAMPLES = 3
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 30.0
_GLANCE = 0.1


def build(name: str, argument: str, setup: Setup) -> EndpointEngine:
    """Return the engine of the endpoint that the settings call *argument*."""
    return EndpointEngine(name, setup.endpoints[argument])


class EndpointEngine:
    """A Translator that asks an endpoint, several sentences at once."""

    def __init__(self, name: str, endpoint: Endpoint) -> None:
        """Take the endpoint; nothing is asked yet."""
        self._name = name
        self._endpoint = endpoint

    @property
    def info(self) -> EngineInfo:
        """What can be said without asking the endpoint."""
        return EngineInfo(
            name=self._name,
            version=self._endpoint.model,
            pairs=(RU_ZH,),
            terms="prompt",
            context=self._endpoint.style == "generic",
        )

    def translate(
        self, pair: Pair, requests: Sequence[Request], stop: Stop = never
    ) -> Iterator[tuple[int, tuple[Candidate, ...]]]:
        """Yield (index, candidates) as answers come."""
        if pair != RU_ZH:
            raise EngineError("engines.no_pair", name=self._name, pair=pair)
        with self._conversation() as talk, _pool(self._endpoint.parallel) as pool:
            running: dict[Future[tuple[Candidate, ...]], int] = {}
            waiting = iter(enumerate(requests))
            while True:
                for index, request in islice(waiting, self._endpoint.parallel - len(running)):
                    running[pool.submit(self._candidates, talk, request)] = index
                if not running:
                    return
                done, _ = wait(running, timeout=_GLANCE, return_when=FIRST_COMPLETED)
                if stop():
                    talk.ended.set()
                    raise Cancelled("engines.cancelled")
                for future in done:
                    yield running.pop(future), future.result()

    def _candidates(self, talk: Conversation, request: Request) -> tuple[Candidate, ...]:
        """Ask for the candidates of one request."""
        if not request.text.strip():
            return (Candidate("", self._name),)
        messages = PROMPTS[self._endpoint.style](request)
        texts = []
        for number in range(min(max(1, request.count), _MOST_SAMPLES)):
            temperature = self._endpoint.temperature
            if number:
                temperature = max(temperature, _SAMPLING_TEMPERATURE)
            texts.append(clean(talk.ask(messages, temperature), request.text))
            wanted = request.missing or request.terms
            if wanted and all(hint.target in texts[-1] for hint in wanted):
                break  # nothing is left for a further answer to do better
        return tuple(
            Candidate(text, self._name, score=-float(rank))
            for rank, text in enumerate(distinct(texts))
        )

    @contextmanager
    def _conversation(self) -> Iterator[Conversation]:
        talk = Conversation(self._name, self._endpoint)
        try:
            yield talk
        finally:
            talk.close()


@contextmanager
def _pool(workers: int) -> Iterator[ThreadPoolExecutor]:
    """A pool that does not keep anybody waiting for answers no longer wanted."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="endpoint")
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


class Conversation:
    """The connection to an endpoint during one call."""

    def __init__(self, name: str, endpoint: Endpoint) -> None:
        """Take the engine's name for its errors. Raises EngineError for an unusable address."""
        self.ended = threading.Event()
        self._name = name
        self._endpoint = endpoint
        self._base = endpoint.url.rstrip("/").removesuffix("/chat/completions")
        key = endpoint.api_key
        if not key.isascii():
            raise self._error("endpoint_key", "—")
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(timeout=endpoint.timeout, headers=headers)

    def close(self) -> None:
        """End the conversation; pauses between attempts end too."""
        self.ended.set()
        self._client.close()

    def ask(self, messages: Sequence[dict[str, str]], temperature: float) -> str:
        """Return the model's answer; tries again when the endpoint is busy. Raises EngineError."""
        body = {
            "model": self._endpoint.model,
            "messages": list(messages),
            "temperature": temperature,
            "stream": False,
        }
        pause = _FIRST_PAUSE
        for attempt in range(self._endpoint.retries + 1):
            last = attempt == self._endpoint.retries
            try:
                response = self._client.post(f"{self._base}/chat/completions", json=body)
            except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
                raise self._error("endpoint_address", error) from error
            except httpx.TimeoutException as error:
                if last:
                    raise self._error("endpoint_slow", self._endpoint.timeout) from error
            except httpx.HTTPError as error:
                if last:
                    raise self._error("endpoint_down", error or type(error).__name__) from error
            else:
                if response.status_code != 429 and response.status_code < 500:
                    return self._read(response)
                if last:
                    raise self._error("endpoint_busy", response.status_code)
                pause = _wished_pause(response) or pause
            if self.ended.wait(min(pause, _LONGEST_PAUSE)):
                raise Cancelled("engines.cancelled")
            pause *= 2
        raise AssertionError("the last attempt returns or raises")

    def _read(self, response: httpx.Response) -> str:
        """Return the text of an answer. Raises EngineError."""
        status = response.status_code
        if status in (401, 403):
            raise self._error("endpoint_key", status)
        if status == 404:
            raise self._error("endpoint_no_model", self._models())
        if status >= 300:
            raise self._error("endpoint_refused", f"{status} {response.text[:200]}".strip())
        try:
            choice = response.json()["choices"][0]
            content = choice["message"]["content"]
        except (ValueError, LookupError, TypeError) as error:
            raise self._error("endpoint_nonsense", response.text[:80]) from error
        if choice.get("finish_reason") == "length":
            raise self._error("endpoint_cut_off", "length")
        if not isinstance(content, str) or not content.strip():
            raise self._error("endpoint_nonsense", response.text[:80])
        return content

    def _models(self) -> str:
        """Return the names of the models that the endpoint offers, as far as it tells."""
        try:
            listed: Any = self._client.get(f"{self._base}/models").json()
            return ", ".join(str(model["id"]) for model in listed["data"]) or "—"
        except (httpx.HTTPError, ValueError, LookupError, TypeError):
            return "—"

    def _error(self, key: str, reason: object) -> EngineError:
        return EngineError(
            f"engines.{key}",
            name=self._name,
            url=self._base,
            model=self._endpoint.model,
            reason=reason,
        )


def _wished_pause(response: httpx.Response) -> float:
    """Return how many seconds the endpoint asks to wait; 0 when it does not say."""
    wish = response.headers.get("Retry-After", "")
    return float(wish) if wish.isdigit() else 0.0
