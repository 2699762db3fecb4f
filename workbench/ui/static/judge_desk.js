// The middle of the judges' page: the campaign's title, how far one is, and the rows.

import {el, quietButton} from './dom.js';
import {t} from './words.js';

export class Desk {
  constructor(page) {
    this.page = page;
    this.title = el('h1.wb-title', {testid: 'judge-title'});
    this.facts = el('p.wb-facts');
    this.meter = el('progress', {'aria-label': t('judge.progress')});
    this.counts = el('span.wb-counts', {testid: 'judge-counts', 'aria-live': 'polite'});
    const turn = (by) => () => page.open(page.task.id, page.sheet.number + by);
    this.back = quietButton('button.wb-button', {testid: 'judge-back', onclick: turn(-1)}, t('judge.back'));
    this.forth = quietButton('button.wb-button', {testid: 'judge-forth', onclick: turn(1)}, t('judge.forth'));
    this.head = el('header.wb-toolbar', {hidden: true}, el('div.wb-heading', {}, el('div.wb-titles', {}, this.title, this.facts), this.meter, this.counts, this.back, this.forth, page.manager?.results ?? ''));
    this.grid = el('div.wb-grid', {role: 'grid', testid: 'judge-grid', 'aria-label': t('judge.grid')});
    this.said = el('section.wb-empty', {hidden: true, testid: 'judge-said'});
    this.root = el('section.wb-main', {'aria-label': t('judge.grid')}, this.head, this.said, this.grid);
  }

  empty(text) {
    this.grid.replaceChildren();
    this.done(text);
  }

  done(text) {
    this.said.hidden = false;
    this.said.replaceChildren(el('h2', {}, text));
  }

  count(task) {
    this.meter.max = task.total || 1;
    this.meter.value = task.done;
    this.counts.textContent = t('judge.count', {done: task.done, total: task.total});
  }

  show({task, number, sheets}, rows) {
    this.head.hidden = false;
    this.said.hidden = true;
    this.title.textContent = task.name;
    this.facts.textContent = [t(`judge.kind_${task.kind}`), t('judge.sheet', {number: number + 1, sheets}), task.closed ? t('judge.closed') : ''].filter(Boolean).join(' · ');
    this.back.disabled = number === 0;
    this.forth.disabled = number + 1 >= sheets;
    const head = (key) => el('div', {role: 'columnheader'}, t(key));
    this.grid.setAttribute('data-kind', task.kind);
    this.grid.setAttribute('aria-rowcount', rows.length);
    this.grid.replaceChildren(el('div.wb-head', {role: 'rowgroup'}, el('div', {role: 'row'},
      el('div', {role: 'columnheader', 'aria-label': t('editor.number')}, '#'), head('editor.source'), head('editor.target'), head(`judge.column_${task.kind}`))),
    el('div', {role: 'rowgroup'}, ...rows.map((row) => row.node)));
    this.grid.scrollTop = 0;
  }
}
