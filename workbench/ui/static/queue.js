// Runs before Gradio and sees to it that no question to the server stays without its answer.
//
// Gradio reads all answers from one stream, which the server ends whenever it owes nothing more.
// A question asked at that very moment is taken for one of the ending stream, and its answer lies
// at the server until the next question opens a new one: the click seems to be lost. Here the
// end of the stream is kept from Gradio as long as an answer is owed, and the stream goes on.
(() => {
  const FRAMES = 8; // that the steps between an answer and the next question may take
  const ask = window.fetch.bind(window);
  const joins = new Map(); // questions on their way: promise -> the component that asked
  const owed = new Map(); // questions taken by the server, by event: the component that asked
  const early = new Set(); // events answered before we heard that they were taken
  let turns = 0; // how often a click or choice was asked about or answered
  let acts = 0; // how often anything was, or the person did something

  function touch(asker) {
    acts += 1;
    if (chosen(asker)) turns += 1;
  }

  // One after another, so that the server hears of clicks in their order.
  async function take(input, init, asker) {
    const [before] = [...joins.keys()].slice(-1);
    await before?.catch(() => {});
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
      touch(asker);
    });
    joins.set(going, asker);
    touch(asker);
    return going;
  }

  // Pass a stream's messages on, but for its farewell; return whether it said anything.
  async function pass(response, out) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = '';
    let said = false;
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return said;
      said = true;
      const parts = (rest + value).split('\n\n');
      rest = parts.pop();
      for (const part of parts) {
        const message = JSON.parse(part.slice('data: '.length));
        if (message.msg === 'close_stream') continue;
        touch(owed.get(message.event_id));
        if (message.msg === 'process_completed' && !owed.delete(message.event_id)) {
          early.add(message.event_id);
        }
        out.write(part);
      }
    }
  }

  async function follow(response, again, out) {
    let stream = response;
    for (;;) {
      const said = await pass(stream, out);
      while (joins.size) await Promise.allSettled([...joins.keys()]);
      if (!owed.size) break;
      stream = await again();
      if (!said || !stream.ok) throw new TypeError('the server answers no more');
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
  const PARTS = '#tab-glossary, #tab-memory, #tab-evaluation';
  const held = [];
  const begun = new Map(); // part -> what was clicked there last, until it is answered
  let known = null;

  function component(id) {
    known ??= new Map(window.gradio_config.components.map((each) => [each.id, each]));
    return known.get(id);
  }

  const element = (id) =>
    document.getElementById(component(id)?.props.elem_id || `component-${id}`);

  // Not typing, nor a timer: only these change what a button is about.
  const chosen = (id) => ['button', 'dataframe'].includes(component(id)?.type);

  // The buttons and tables of a part whose answers are on their way.
  function askers(part) {
    return [...joins.values(), ...owed.values()]
      .filter(chosen)
      .map(element)
      .filter((each) => each && part.contains(each));
  }

  const frame = () =>
    new Promise((done) => {
      if (document.hidden) setTimeout(done, 16);
      else requestAnimationFrame(() => setTimeout(done));
    });

  // Wait until *busy* says no, and nothing happens, for some frames in a row: they, unlike
  // milliseconds, last longer on a slower machine.
  async function rest(busy, count = () => turns) {
    for (let n = 0, before = -1; n < FRAMES; n += 1) {
      if (busy() || count() !== before) n = 0;
      before = count();
      await frame();
    }
  }

  async function release() {
    while (held.length) {
      const [button] = held;
      await rest(() => askers(button.closest(PARTS) ?? document.body).length > 0);
      held.shift();
      if (!held.includes(button)) button.removeAttribute('aria-busy');
      if (button.isConnected && !button.disabled) button.click();
    }
  }

  function begin(part, what) {
    begun.set(part, what);
    rest(() => askers(part).length > 0).then(() => {
      if (begun.get(part) === what) begun.delete(part);
    });
  }

  function hold(event) {
    const button = event.target.closest?.('button[id]:not([role=tab]), [role=gridcell]');
    const part = button?.closest(PARTS);
    if (!part) return;
    const waits = held.length > 0 || begun.has(part) || askers(part).length > 0;
    if (!event.isTrusted || !waits || button.matches('[role=gridcell]')) {
      begin(part, button);
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    // The second half of a double click asks for nothing new, but where one turns pages.
    const doubled = event.detail > 1 && (begun.get(part) === button || held.includes(button));
    if (doubled && !button.closest('.wb-pager')) return;
    button.setAttribute('aria-busy', 'true');
    held.push(button);
    if (held.length === 1) release();
  }

  for (const act of ['click', 'input', 'keydown']) window.addEventListener(act, () => touch(), true);
  window.addEventListener('click', hold, true);
  // For tests: resolves when no answer is owed and nothing more is asked.
  const owing = () => joins.size || owed.size || held.length;
  window.wbQueue = { settled: () => rest(owing, () => acts) };
})();
