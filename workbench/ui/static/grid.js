// The grid: rows in chunks, one textarea, moving, confirming.

import {el} from './dom.js';
import {buildRow, paintHits, paintRow} from './row.js';
import {t} from './words.js';

const CHUNK = 50; // rows laid out together; chunks off the screen cost nothing
const PAUSE = 2000; // ms without a key after which the row goes to the server
const OPEN_STATES = new Set(['new', 'drafted', 'edited']);
const GROWS = CSS.supports('field-sizing', 'content');

export class Grid {
  constructor(store, me) {
    Object.assign(this, {store, me, nodes: [], current: null, composing: false});
    this.root = el('div.wb-grid', {role: 'grid', testid: 'grid', tabindex: '0', 'data-filter': 'all',
      'aria-label': t('editor.grid')});
    this.area = el('textarea', {lang: 'zh-CN', spellcheck: 'false', rows: '1', autocomplete: 'off'});
    store.isHeld = (row) => this.current?.row === row && document.activeElement === this.area;
    store.addEventListener('open', () => this.build());
    store.addEventListener('row', ({detail}) => this.paint(detail.row));
    store.addEventListener('replaced', ({detail}) => this.show(detail.row));
    this.listen();
  }

  listen() {
    const {root, area} = this;
    root.addEventListener('mousedown', (event) => this.pressed(event));
    root.addEventListener('click', (event) => this.clicked(event));
    root.addEventListener('choose', ({detail: {row, choice}}) => {
      if (choice === 'mine') this.store.keepMine(row);
      else this.store.takeTheirs(row);
    });
    area.addEventListener('input', () => this.typed());
    area.addEventListener('blur', () => this.left());
    area.addEventListener('compositionstart', () => { this.composing = true; });
    area.addEventListener('compositionend', () => { this.composing = false; });
  }

  build() {
    const {rows, article} = this.store;
    this.current = null;
    clearTimeout(this.pauseTimer);
    const kinds = new Map(article.blocks.flatMap((block) =>
      Array.from({length: block.last - block.first + 1}, (_, k) => [block.first + k, block])));
    this.nodes = rows.map((row) => buildRow(row, kinds.get(row.n)?.kind));
    article.blocks.forEach((block) => this.nodes[block.first - 1]?.setAttribute('data-first', ''));
    const chunks = [];
    for (let k = 0; k < this.nodes.length; k += CHUNK) {
      chunks.push(el('div.wb-chunk', {role: 'rowgroup'}, ...this.nodes.slice(k, k + CHUNK)));
    }
    this.nodes.forEach((node) => paintRow(node, this.me));
    this.root.setAttribute('aria-rowcount', rows.length);
    this.root.replaceChildren(this.heading(), ...chunks, el('p.wb-nothing', {}, t('filter.nothing')));
    this.root.scrollTop = 0;
    this.changed();
    this.moved();
  }

  heading() {
    const cell = (key, lang) => el('div', {role: 'columnheader', lang}, t(key));
    return el('div.wb-head', {role: 'rowgroup'}, el('div', {role: 'row'},
      el('div', {role: 'columnheader', 'aria-label': t('editor.number')}, '#'),
      cell('editor.source'), cell('editor.target'), cell('editor.state')));
  }

  paint(row) {
    const node = this.nodes[row.n - 1];
    if (node?.row !== row) return;
    paintRow(node, this.me);
    if (this.current !== node) node.target.textContent = this.store.shown(row);
    else if (document.activeElement !== this.area && row.text === undefined) this.show(row);
    else this.area.readOnly = row.state === 'locked' || !this.store.session.writes;
    this.changed();
    if (this.current === node) this.root.dispatchEvent(new CustomEvent('repaint'));
  }

  /** Put the row's text on the screen, into the textarea too. */
  show(row) {
    const node = this.nodes[row.n - 1];
    if (this.current !== node) node.target.textContent = this.store.shown(row);
    else if (this.area.value !== this.store.shown(row)) {
      this.area.value = this.store.shown(row);
      this.grow();
    }
    paintHits(node, this.store.shown(row));
  }

  // -- moving ---------------------------------------------------------------------------

  activate(node) {
    if (!node) return;
    if (this.current !== node) {
      this.deactivate();
      this.current = node;
      const {row} = node;
      this.store.release(row);
      this.area.value = this.store.shown(row);
      this.area.readOnly = row.state === 'locked' || !this.store.session.writes;
      this.area.setAttribute('aria-label', t('editor.target_of', {n: row.n}));
      node.target.replaceChildren(this.area);
      node.classList.add('active');
      node.setAttribute('aria-selected', 'true');
      this.moved();
    }
    this.area.focus({preventScroll: true});
    this.grow();
    node.scrollIntoView({block: 'nearest'});
  }

  deactivate() {
    const node = this.current;
    if (!node) return;
    this.left();
    this.current = null;
    node.classList.remove('active');
    node.removeAttribute('aria-selected');
    node.target.textContent = this.store.shown(node.row);
    this.store.release(node.row);
  }

  visible(node) {
    return this.root.dataset.filter === 'all' || getComputedStyle(node).display !== 'none';
  }

  step(direction) {
    const from = this.current ? this.current.row.n - 1 : direction > 0 ? -1 : this.nodes.length;
    for (let k = from + direction; k >= 0 && k < this.nodes.length; k += direction) {
      if (this.visible(this.nodes[k])) return this.activate(this.nodes[k]);
    }
    return this.current && this.activate(this.current);
  }

  /** The next row still to confirm, from the current one on and then from the top. */
  nextOpen() {
    const from = this.current ? this.current.row.n : 0;
    const order = [...this.nodes.slice(from), ...this.nodes.slice(0, from)];
    return order.find((node) => node !== this.current && OPEN_STATES.has(node.row.state)
      && node.row.wanted !== 'confirm' && !node.row.confirming && this.visible(node));
  }

  go(n) {
    this.activate(this.nodes[Math.min(Math.max(n, 1), this.nodes.length) - 1]);
  }

  // -- typing ---------------------------------------------------------------------------

  typed() {
    const {row} = this.current;
    this.store.edit(row, this.area.value);
    paintHits(this.current, this.area.value);
    this.grow();
    clearTimeout(this.pauseTimer);
    this.pauseTimer = setTimeout(() => this.paused(row), PAUSE);
  }

  paused(row) {
    if (this.composing) this.pauseTimer = setTimeout(() => this.paused(row), PAUSE);
    else if (row.text !== undefined) this.store.save(row, 'save');
  }

  left() {
    const node = this.current;
    if (node?.row.text !== undefined) this.store.save(node.row, 'save');
  }

  /** Put text into the textarea as if typed, so that the browser's undo takes it back. */
  insert(text, whole = false) {
    if (!this.current || this.area.readOnly) return;
    this.area.focus({preventScroll: true});
    if (whole) this.area.select();
    document.execCommand('insertText', false, text);
  }

  confirm() {
    const node = this.current ?? this.nodes.find((each) => OPEN_STATES.has(each.row.state) && this.visible(each));
    if (!this.current) return this.activate(node);
    const {row} = node;
    if (this.area.readOnly) return this.activate(this.nextOpen());
    if (!this.area.value.trim()) return this.store.say(t('editor.nothing_to_confirm', {n: row.n}), '', 'error');
    clearTimeout(this.pauseTimer);
    this.store.edit(row, this.area.value);
    row.confirming = true; // so that the next one is found before the answer is here
    this.store.save(row, 'confirm').finally(() => { row.confirming = false; });
    const next = this.nextOpen();
    if (next) this.activate(next);
    else this.store.say(t('editor.all_done'));
    return undefined;
  }

  grow() {
    if (GROWS) return;
    this.area.style.height = 'auto';
    this.area.style.height = `${this.area.scrollHeight}px`;
  }

  // -- pointer --------------------------------------------------------------------------

  pressed(event) {
    const node = event.target.closest('.wb-row');
    if (!node || event.button !== 0) return;
    if (event.target.closest('mark') && node === this.current) event.preventDefault();
    if (event.target.closest('.wb-tgt') && node !== this.current) {
      event.preventDefault(); // activation, not the browser, decides where the focus goes
      this.activate(node);
    }
  }

  clicked(event) {
    const node = event.target.closest('.wb-row');
    if (!node || event.target.closest('.wb-conflict, .wb-tgt')) return;
    const mark = event.target.closest('mark');
    if (mark && node === this.current) this.insert(mark.hit.target);
    else if (getSelection().isCollapsed) this.activate(node);
  }

  filter(name) {
    this.root.dataset.filter = name;
    this.changed();
  }

  changed() {
    clearTimeout(this.changeTimer);
    this.changeTimer = setTimeout(() => this.root.dispatchEvent(new CustomEvent('count')), 50);
  }

  moved() {
    this.root.dispatchEvent(new CustomEvent('moved'));
  }
}
