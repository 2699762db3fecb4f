// Before work: what the memory knows of the open article, counted while the server compares.

import {el, quietButton} from './dom.js';
import {t} from './words.js';

export class Analysis {
  constructor(store, dialogs) {
    Object.assign(this, {store, dialogs});
    this.opener = quietButton('button.wb-button', {testid: 'analysis-open', title: t('analysis.title'), onclick: () => this.open()}, t('analysis.short'));
  }

  open() {
    this.internal = el('input', {type: 'checkbox', testid: 'analysis-internal'});
    this.bar = el('progress', {'aria-label': t('analysis.title')});
    this.table = el('div', {testid: 'analysis-table'});
    const choice = el('label.wb-line', {}, this.internal, t('analysis.internal'));
    const box = this.dialogs.open('analysis.title', 'analysis', el('div.wb-analysis', {}, choice, this.bar, this.table,
      el('p.wb-note', {}, t('analysis.explained'))));
    this.internal.addEventListener('change', () => this.run());
    box.addEventListener('close', () => this.running?.abort());
    this.run();
  }

  async run() {
    this.running?.abort();
    const {signal} = this.running = new AbortController();
    this.bar.hidden = false;
    this.bar.removeAttribute('value');
    const query = this.internal.checked ? '?internal=true' : '';
    try {
      const answer = await fetch(`/api/v1/articles/${this.store.article.id}/analysis${query}`, {signal});
      if (!answer.ok) throw new Error(String(answer.status));
      for await (const report of lines(answer.body)) this.show(report);
      this.bar.hidden = true;
    } catch {
      if (!signal.aborted) this.table.replaceChildren(el('p.wb-problem', {role: 'alert'}, t('error.offline')));
    }
  }

  show(report) {
    Object.assign(this.bar, {max: report.segments || 1, value: report.done});
    const head = ['match', 'segments', 'words', 'characters', 'percent'].map((name) => el('th', {scope: 'col'}, t(`analysis.${name}`)));
    const row = (name, count, percent) => el('tr', {'data-band': name}, el('th', {scope: 'row'}, title(name)),
      ...[count.segments, count.words, count.characters].map((number) => el('td', {}, number.toLocaleString())),
      el('td', {}, `${percent.toFixed(1)} %`));
    const counted = (name, count) => row(name, count, count.percent.characters);
    this.table.replaceChildren(el('table.wb-counted', {}, el('thead', {}, el('tr', {}, ...head)), el('tbody', {},
      counted('repetitions', report.repetitions),
      ...bands(report.bands).map(([name, count]) => counted(name, count)),
      ...bands(report.internal).map(([name, count]) => counted(`internal ${name}`, count)),
      row('total', report, 100))));
  }
}

// JSON orders the keys that are whole numbers first and upwards: 100 before 101.
const ORDER = ['101', '100', '95-99', '85-94', '75-84', '50-74', 'none'];
const bands = (found) => ORDER.filter((name) => found[name]).map((name) => [name, found[name]]);

function title(name) {
  const [word, rest] = name.split(' ');
  if (rest) return t('analysis.inside', {band: `${rest.replace('-', '–')} %`});
  if (name === '101') return t('analysis.context');
  return /^\d/.test(word) ? `${word.replace('-', '–')} %` : t(`analysis.${word}`);
}

/** The JSON documents of a stream, one on each line, as they come. */
async function* lines(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const {value, done} = await reader.read();
    const parts = (rest + (value ?? '')).split('\n');
    rest = parts.pop();
    for (const line of parts) if (line) yield JSON.parse(line);
    if (done) return;
  }
}
