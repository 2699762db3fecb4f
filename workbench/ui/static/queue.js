// Runs before Gradio and sees to it that no question to the server stays without its answer.
//
// Gradio reads all answers from one stream, which the server ends whenever it owes nothing more.
// A question asked at that very moment is taken for one of the ending stream, and its answer lies
// at the server until the next question opens a new one: the click seems to be lost. Here the
// end of the stream is kept from Gradio as long as an answer is owed, and the stream goes on.
(() => {
  const QUIET = 60; // ms: steps of a chain follow each other with short pauses
  const ask = window.fetch.bind(window);
  const joins = new Map(); // questions on their way: promise -> the component that asked
  const owed = new Map(); // questions taken by the server, by event: the component that asked
  const early = new Set(); // events answered before we heard that they were taken
  let active = performance.now();

  const touch = () => { active = performance.now(); };

  async function take(input, init, asker) {
    const response = await ask(input, init);
    const id = response.ok && (await response.clone().json()).event_id;
    if (id && !early.delete(id)) owed.set(id, asker);
    return response;
  }

  function join(input, init) {
    let asker = null;
    try { asker = JSON.parse(init.body).trigger_id; } catch { /* not one of Gradio's */ }
    const going = take(input, init, asker).finally(() => {
      joins.delete(going);
      touch();
    });
    joins.set(going, asker);
    touch();
    return going;
  }

  // Pass a stream's messages on; return what it said last when that was its end.
  async function pass(response, out) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + value).split('\n\n');
      rest = parts.pop();
      for (const part of parts) {
        const message = JSON.parse(part.slice('data: '.length));
        if (message.msg === 'close_stream') continue;
        if (message.msg === 'process_completed' && !owed.delete(message.event_id)) {
          early.add(message.event_id);
        }
        touch();
        out.write(part);
      }
    }
  }

  async function follow(response, again, out) {
    let stream = response;
    for (;;) {
      await pass(stream, out);
      while (joins.size) await Promise.allSettled([...joins.keys()]);
      if (!owed.size) break;
      stream = await again();
      if (!stream.ok) throw new TypeError(`the answers ended: ${stream.status}`);
    }
    early.clear();
    out.write('data: {"msg": "close_stream"}');
  }

  async function listen(input, init) {
    const response = await ask(input, init);
    if (!response.ok || !response.body) return response;
    const coder = new TextEncoder();
    const body = new ReadableStream({
      start(stream) {
        const out = { write: (text) => stream.enqueue(coder.encode(`${text}\n\n`)) };
        follow(response, () => ask(input, init), out).then(
          () => stream.close(),
          (error) => { owed.clear(); stream.error(error); },
        );
      },
    });
    return new Response(body, { status: response.status, headers: response.headers });
  }

  window.fetch = (input, init) => {
    const url = String(input?.url ?? input);
    if (url.includes('/gradio_api/queue/join')) return join(input, init);
    if (url.includes('/gradio_api/queue/data')) return listen(input, init);
    return ask(input, init);
  };

  // A click on a button waits while an earlier click or choice in the same part of the page is
  // unanswered: it would be about what the page is just going to replace.
  const PARTS = '#tab-glossary, #tab-memory';
  const held = [];
  let known = null;

  function component(id) {
    known ??= new Map(window.gradio_config.components.map((each) => [each.id, each]));
    return known.get(id);
  }

  const element = (id) =>
    document.getElementById(component(id)?.props.elem_id || `component-${id}`);

  // The buttons and tables of a part whose answers are on their way.
  function askers(part) {
    return [...joins.values(), ...owed.values()]
      .filter((id) => ['button', 'dataframe'].includes(component(id)?.type))
      .map(element)
      .filter((each) => each && part.contains(each));
  }

  // Milliseconds since the last of the questions and answers; 0 while an answer is owed.
  const quiet = () => (joins.size || owed.size || held.length ? 0 : performance.now() - active);

  function busy(part) {
    return askers(part).length > 0 || performance.now() - active < QUIET;
  }

  function release() {
    const [button] = held;
    if (!button) return;
    if (button.isConnected && busy(button.closest(PARTS))) {
      setTimeout(release, QUIET / 2);
      return;
    }
    held.shift();
    if (!held.includes(button)) button.removeAttribute('aria-busy');
    if (button.isConnected && !button.disabled) button.click();
    if (held.length) setTimeout(release, QUIET / 2);
  }

  function hold(event) {
    const button = event.target.closest?.('button[id]');
    const part = button?.closest(PARTS);
    if (!part || !event.isTrusted || button.matches('[role=tab]')) return;
    const waiting = askers(part);
    if (!waiting.length && !held.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // The second half of a double click asks for nothing new, but where one turns pages.
    const doubled = event.detail > 1 && (waiting.includes(button) || held.includes(button));
    if (doubled && !button.closest('.wb-pager')) return;
    button.setAttribute('aria-busy', 'true');
    held.push(button);
    if (held.length === 1) setTimeout(release, QUIET / 2);
  }

  window.addEventListener('click', hold, true);
  window.wbQueue = { quiet };
})();
