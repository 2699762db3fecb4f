// Marking errors in an output by keyboard or pointer. Places are code points, as the server counts.

import {el, quietButton} from './dom.js';
import {t} from './words.js';

// By the place of the key (event.code), whatever the layout.
export const CATEGORIES = {
  mistranslation: 'M', omission: 'O', addition: 'A', untranslated: 'U', terminology: 'T', name: 'N', number: 'D', grammar: 'G',
  characters: 'C', punctuation: 'P', inconsistency: 'I', register: 'R', style: 'S', nonsense: 'X', source: 'Q', other: 'E',
};
const SEVERITIES = ['minor', 'major', 'critical'];
const SYMBOLS = {minor: '·', major: '!', critical: '‼'};
const POINTS = {minor: 1, major: 5, critical: 25};
const WHOLE = new Set(['nonsense', 'source', 'other']); // without a selection they mean the whole text
const byKey = new Map(Object.entries(CATEGORIES).map(([name, key]) => [`Key${key}`, name]));

export class Marks {
  constructor(row, spans) {
    Object.assign(this, {row, spans: spans.map((span) => ({...span})), letters: Array.from(row.item.text), at: 0, from: 0, which: -1, active: false});
    this.text = el('div.wb-letters', {'aria-hidden': 'true'});
    this.list = el('ul.wb-marks');
    this.palette = el('div.wb-palette', {role: 'group', 'aria-label': t('judge.categories'), hidden: true}, ...Object.entries(CATEGORIES).map(([name, key]) =>
      quietButton('button.wb-filter', {testid: `mark-${name}`, title: t(`mqm.${name}_hint`), onclick: () => this.add(name)}, el('kbd', {}, key), t(`mqm.${name}`))));
    this.root = el('div.wb-marking', {role: 'group', tabindex: '-1', testid: 'judge-text', 'aria-label': row.item.text || t('editor.empty')}, this.text, this.list);
    row.output.append(this.root, this.palette);
    this.text.addEventListener('pointerdown', (event) => this.pressed(event));
    this.text.addEventListener('pointermove', (event) => event.buttons === 1 && this.dragged(event));
    this.paint();
  }

  enter() {
    this.active = true;
    this.palette.hidden = false;
    this.paint();
  }

  exit() {
    this.active = false;
    this.palette.hidden = true;
    this.paint();
  }

  get selection() {
    return [Math.min(this.at, this.from), Math.max(this.at, this.from)];
  }

  // -- keys -----------------------------------------------------------------------------

  key(event) {
    const size = this.letters.length;
    if (event.ctrlKey && event.code === 'KeyA') {
      this.from = 0;
      this.go(size, true);
      return true;
    }
    const to = {ArrowLeft: this.at - 1, ArrowRight: this.at + 1, Home: 0, End: size}[event.code];
    if (to !== undefined) this.go(Math.min(size, Math.max(0, to)), event.shiftKey);
    else if (byKey.has(event.code) && !event.altKey) this.add(byKey.get(event.code));
    else if (/^(?:Digit|Numpad)[123]$/.test(event.code)) this.weigh(SEVERITIES[Number(event.code.at(-1)) - 1]);
    else if (event.code === 'Comma' || event.code === 'Period') this.choose(this.which + (event.code === 'Comma' ? -1 : 1));
    else if (event.code === 'Backspace' || event.code === 'Delete') this.remove(this.which);
    else return false;
    return true;
  }

  go(to, selects) {
    this.at = to;
    if (!selects) this.from = to;
    this.paint();
  }

  // -- pointer --------------------------------------------------------------------------

  place(event) {
    const letter = event.target.closest('[data-k]');
    if (!letter) return this.letters.length;
    const {left, width} = letter.getBoundingClientRect();
    return Number(letter.dataset.k) + (event.clientX > left + width / 2 ? 1 : 0);
  }

  pressed(event) {
    if (event.button || this.row.closed) return;
    event.preventDefault();
    this.row.page.activate(this.row);
    this.root.focus({preventScroll: true});
    this.go(this.place(event), event.shiftKey);
  }

  dragged(event) {
    if (this.active) this.go(this.place(event), true);
  }

  // -- marks ----------------------------------------------------------------------------

  add(category) {
    let [start, end] = this.selection;
    if (start === end && category !== 'omission') {
      if (!WHOLE.has(category)) {
        this.row.page.toast({message: t('judge.select_first'), kind: 'error'});
        return;
      }
      [start, end] = [0, this.letters.length];
    }
    this.spans.push({start, end, category, severity: 'major', note: ''});
    this.which = this.spans.length - 1;
    this.from = this.at = end;
    this.touched();
  }

  weigh(severity) {
    if (!this.spans[this.which]) return;
    this.spans[this.which].severity = severity;
    this.touched();
  }

  choose(which) {
    if (!this.spans.length) return;
    this.which = (which + this.spans.length) % this.spans.length;
    this.paint();
  }

  remove(which) {
    if (!this.spans[which]) return;
    this.spans.splice(which, 1);
    this.which = this.spans.length - 1;
    this.touched();
  }

  touched() {
    this.row.changed = true;
    this.row.paint();
    this.paint();
  }

  summary() {
    if (!this.spans.length) return t('judge.no_errors');
    const points = this.spans.reduce((sum, {severity, category}) => sum + (severity === 'minor' && category === 'punctuation' ? 0.1 : POINTS[severity]), 0);
    return t('judge.errors', {count: this.spans.length, points: Math.round(points * 10) / 10});
  }

  // -- painting -------------------------------------------------------------------------

  paint() {
    const [start, end] = this.selection;
    const over = (k) => this.spans.filter((span) => span.start <= k && k < span.end);
    const nodes = this.letters.map((letter, k) => {
      const spans = over(k);
      const worst = SEVERITIES.findLast((name) => spans.some((span) => span.severity === name));
      const classes = [worst && `wb-${worst}`, this.active && start <= k && k < end && 'wb-chosen', spans.includes(this.spans[this.which]) && this.active && 'wb-which'];
      return el(['span', ...classes.filter(Boolean)].join('.'), {'data-k': k}, letter);
    });
    const between = new Map(); // what stands between letters: gaps where something is missing, the caret
    const put = (at, node) => between.set(at, [...between.get(at) ?? [], node]);
    for (const span of this.spans.filter((each) => each.start === each.end)) put(span.start, el(`span.wb-gap.wb-${span.severity}`, {}, '‸'));
    if (this.active) put(this.at, el('span.wb-caret'));
    const size = nodes.length;
    const shown = Array.from({length: size + 1}, (_, k) => [...between.get(k) ?? [], nodes[k]]).flat().filter(Boolean);
    this.text.replaceChildren(...(size ? shown : [...shown, t('editor.empty')]));
    this.list.replaceChildren(...this.spans.map((span, k) => this.entry(span, k)));
    this.list.hidden = !this.spans.length;
  }

  /** For the pointer: the severities of the chosen mark. */
  weights(span, k) {
    if (!this.active || k !== this.which) return null;
    return el('div.wb-weights', {role: 'group', 'aria-label': t('judge.key_severity')}, ...SEVERITIES.map((name, n) => quietButton('button.wb-filter', {testid: `weight-${name}`,
      'aria-pressed': String(span.severity === name), onclick: () => this.weigh(name)}, el('kbd', {}, String(n + 1)), t(`mqm.${name}`))));
  }

  entry(span, k) {
    const marked = this.letters.slice(span.start, span.end).join('') || '∅';
    const note = el('input.wb-input', {value: span.note, maxlength: 1000, placeholder: t('judge.note'), 'aria-label': t('judge.note'), hidden: !this.active || k !== this.which});
    note.addEventListener('input', () => {
      span.note = note.value;
      this.row.changed = true;
    });
    note.addEventListener('keydown', (event) => event.key === 'Enter' && this.root.focus());
    return el(`li.wb-mark-entry.wb-${span.severity}`, {testid: 'judge-mark', 'data-which': this.active && k === this.which ? '' : null},
      quietButton('button.wb-link', {'aria-pressed': String(this.active && k === this.which), onclick: () => this.choose(k)},
        `${SYMBOLS[span.severity]} ${t(`mqm.${span.severity}`)} · ${t(`mqm.${span.category}`)}`),
      el('span', {lang: 'zh-CN'}, marked), this.weights(span, k), note,
      quietButton('button.wb-link', {'aria-label': t('judge.remove'), title: t('judge.remove'), onclick: () => this.row.closed || this.remove(k)}, '✕'));
  }
}
