// One text to judge: source, output, and a score of 0–100 or marked errors.

import {el} from './dom.js';
import {Marks} from './judge_marks.js';
import {t} from './words.js';

export class JudgeRow {
  constructor(page, item, task) {
    Object.assign(this, {page, item, kind: task.kind, closed: task.closed, changed: false, time: 0});
    this.score = item.said?.score ?? null;
    this.output = el('div.wb-tgt', {role: 'gridcell', lang: 'zh-CN', testid: 'judge-output'});
    this.value = el('div.wb-verdict', {role: 'gridcell'});
    this.node = el('div.wb-row', {role: 'row', testid: 'judge-row', 'data-n': item.position + 1, onclick: () => this.closed || page.activate(this)},
      el('div.wb-num', {role: 'gridcell'}, String(item.position + 1)),
      el('div.wb-src', {role: 'gridcell', lang: 'ru', testid: 'judge-source'}, item.source), this.output, this.value);
    if (this.kind === 'mqm') {
      this.marks = new Marks(this, item.said?.spans ?? []);
    } else {
      this.output.textContent = item.text || t('editor.empty');
      this.value.append(this.slider());
    }
    this.paint();
  }

  // -- the score ------------------------------------------------------------------------

  slider() {
    this.fill = el('span.wb-fill');
    this.number = el('output.wb-number');
    this.track = el('div.wb-track', {role: 'slider', tabindex: '-1', 'aria-valuemin': 0, 'aria-valuemax': 100, testid: 'judge-score',
      'aria-label': t('judge.score_of', {n: this.item.position + 1})}, this.fill);
    const point = (event) => {
      const {left, width} = this.track.getBoundingClientRect();
      this.set(Math.round(Math.min(1, Math.max(0, (event.clientX - left) / width)) * 100));
    };
    this.track.addEventListener('pointerdown', (event) => {
      if (this.closed || event.button) return;
      this.page.activate(this);
      this.track.setPointerCapture(event.pointerId);
      point(event);
    });
    this.track.addEventListener('pointermove', (event) => this.track.hasPointerCapture(event.pointerId) && point(event));
    return el('div.wb-scale', {}, this.track, this.number);
  }

  set(score) {
    this.score = score === null ? null : Math.min(100, Math.max(0, score));
    this.changed = this.score !== null;
    this.paint();
  }

  digit(digit) {
    const longer = this.fresh || this.score === null ? digit : this.score * 10 + digit;
    this.fresh = false;
    this.set(longer > 100 ? digit : longer);
  }

  scored(event) {
    const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1] ?? /^\d$/.exec(event.key)?.[0];
    if (digit !== undefined && !event.altKey && !event.shiftKey) {
      this.digit(Number(digit));
      return true;
    }
    const from = this.score ?? 50;
    const to = {ArrowLeft: from - 1, ArrowRight: from + 1, PageDown: from - 10, PageUp: from + 10, Home: 0, End: 100}[event.code];
    if (to === undefined && event.code !== 'Backspace') return false;
    const shorter = this.score >= 10 ? Math.floor(this.score / 10) : null;
    this.set(to ?? shorter);
    return true;
  }

  // -- what the page asks ---------------------------------------------------------------

  enter() {
    this.fresh = true; // the first digit replaces an older score
    this.node.classList.add('active');
    this.node.setAttribute('aria-selected', 'true');
    const focus = this.marks?.root ?? this.track;
    this.marks?.enter();
    focus.tabIndex = 0;
    focus.focus({preventScroll: true});
    this.node.scrollIntoView({block: 'nearest'});
  }

  exit() {
    this.node.classList.remove('active');
    this.node.removeAttribute('aria-selected');
    this.marks?.exit();
    (this.marks?.root ?? this.track).tabIndex = -1;
  }

  key(event) {
    return this.marks ? this.marks.key(event) : this.scored(event);
  }

  incomplete() {
    return this.kind === 'da' && this.score === null ? t('judge.no_score') : '';
  }

  verdict() {
    return {score: this.kind === 'da' ? this.score : null, spans: this.marks?.spans ?? [], active_ms: Math.round(this.time)};
  }

  mark(sync) {
    this.node.dataset.sync = sync;
    this.paint();
  }

  paint() {
    const {said} = this.item;
    this.node.dataset.st = said ? 'confirmed' : 'new';
    const trouble = this.node.dataset.sync === 'error' ? ` ${t('sync.error')}` : '';
    if (this.marks) {
      this.value.replaceChildren(el('span.wb-state', {}, el('span.wb-symbol', {'aria-hidden': 'true'}, said ? '✓' : '○'),
        el('span', {}, (said || this.marks.spans.length ? this.marks.summary() : t('judge.not_yet')) + trouble)));
      return;
    }
    const none = this.score === null;
    this.fill.style.width = `${this.score ?? 0}%`;
    this.number.textContent = none ? '–' : String(this.score) + trouble;
    if (none) this.track.removeAttribute('aria-valuenow');
    else this.track.setAttribute('aria-valuenow', this.score);
    this.track.setAttribute('aria-valuetext', none ? t('judge.not_yet') : String(this.score));
  }
}
