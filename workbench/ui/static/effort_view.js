// The table of one's own effort, behind the note that work is measured.

import {request, trouble} from './api.js';
import {el, quietButton} from './dom.js';
import {t} from './words.js';

const GROUPS = ['article', 'engine', 'translator'];
const CLASSES = ['name', 'number', 'punctuation', 'other'];
const COLUMNS = ['people', 'segments', 'time', 'per_segment', 'speed', 'keystrokes', 'inserted', 'deleted', 'pauses', 'hter', ...CLASSES];

/** The note that work is measured, which opens the figures. */
export function effortOpener(dialogs, session) {
  const open = () => dialogs.open('effort.title', 'effort', new EffortView(session).root).classList.add('wide');
  return quietButton('button.wb-button.wb-measured', {testid: 'effort-open', title: t('effort.measured'), onclick: open}, t('effort.short'));
}

export class EffortView {
  constructor(session) {
    const day = (name) => el('input.wb-input', {type: 'date', 'aria-label': t(`effort.${name}`), testid: `effort-${name}`, onchange: () => this.load()});
    this.by = el('select.wb-input', {'aria-label': t('effort.by'), testid: 'effort-by', onchange: () => this.load()},
      ...GROUPS.map((name) => el('option', {value: name}, t(`effort.by_${name}`))));
    [this.since, this.until] = [day('since'), day('until')];
    this.csv = el('a.wb-button', {download: '', testid: 'effort-csv'}, t('effort.csv'));
    this.found = el('div.wb-effort-table', {testid: 'effort-table', 'aria-live': 'polite', tabindex: '0', role: 'region', 'aria-label': t('effort.title')});
    this.root = el('div.wb-effort', {}, el('p.wb-note', {}, t(session.effort ? 'effort.explained' : 'effort.off')),
      el('div.wb-line', {}, this.by, this.since, '–', this.until, el('span.wb-space'), this.csv), this.found);
    this.load();
  }

  get query() {
    return new URLSearchParams({by: this.by.value, since: this.since.value, until: this.until.value, own: true}).toString();
  }

  async load() {
    const {query} = this;
    this.csv.href = `/api/v1/efforts/export?${query}`;
    const answer = await request('GET', `/efforts?${query}`);
    if (query !== this.query) return; // a later question is out
    if (answer.ok) this.show(answer.data);
    else this.found.replaceChildren(el('p.wb-problem', {role: 'alert'}, trouble(answer, t).join(' ')));
  }

  show(report) {
    if (!report.rows.length) {
      this.found.replaceChildren(el('p.wb-none', {}, t('effort.nothing')));
      return;
    }
    const columns = COLUMNS.filter((name) => name !== 'people' || !report.own);
    const head = [t(`effort.by_${report.by}`), ...columns.map((name) => t(`effort.${name}`))];
    const rows = report.rows.map((row) => line(row, named(report, row), columns));
    if (report.rows.length > 1) rows.push(line(report.total, t('effort.total'), columns));
    const signature = report.rows.find((row) => row.hter)?.hter.score.signature;
    this.found.replaceChildren(
      el('table.wb-counted', {}, el('thead', {}, el('tr', {}, ...head.map((text) => el('th', {scope: 'col'}, text)))), el('tbody', {}, ...rows)),
      ...(report.rows.some((row) => row.withheld) ? [el('p.wb-note', {}, t('effort.withheld', {people: report.people}))] : []),
      ...(signature ? [el('p.wb-note', {}, `${t('effort.signature')} `, el('code', {}, signature))] : []));
  }
}

function named(report, row) {
  if (report.by !== 'engine') return row.label || row.key;
  if (row.key === 'memory') return t('effort.memory');
  return row.key || t('effort.from_nothing');
}

function line(row, label, columns) {
  const cell = (text, title) => el('td', {title}, text);
  const cells = row.withheld ? [el('td', {colspan: columns.length}, '—')] : columns.map((name) => cell(...figure(row, name)));
  return el('tr', {testid: 'effort-row', 'data-key': row.key, 'data-withheld': row.withheld ? '' : null}, el('th', {scope: 'row'}, label), ...cells);
}

/** [text, title] of one figure. */
function figure(row, name) {
  const {hter} = row;
  if (name === 'time') return [clock(row.active_ms), t('effort.elapsed', {time: clock(row.elapsed_ms)})];
  if (name === 'per_segment') return [row.active_ms && row.segments ? (row.active_ms / row.segments / 1000).toFixed(1) : '—'];
  if (name === 'speed') return [row.speed === null ? '—' : Math.round(row.speed).toLocaleString()];
  if (name === 'hter') return hter ? [interval(hter.score), `n = ${hter.size}\n${hter.score.signature}`] : ['—'];
  if (CLASSES.includes(name)) return [hter ? hter.edits[name].toLocaleString() : '—'];
  return [row[name].toLocaleString()];
}

/** A figure with its interval and size; a dash between negative numbers would mislead. */
export function interval({value, low, high, size}, digits = 1) {
  const figure = (number) => number.toFixed(digits).replace('-', '−');
  const range = low === null ? '' : ` (${figure(low)}${low < 0 ? ' … ' : '–'}${figure(high)})`;
  return `${figure(value)}${range} · n=${size}`;
}

function clock(ms) {
  const seconds = Math.round(ms / 1000);
  const two = (number) => String(number).padStart(2, '0');
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}
