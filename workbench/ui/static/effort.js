// What a row costs the translator: active time, keys after composition, characters in and out.
// Measured beside the editor: typing never waits for it, and losing it loses no text.

import {request} from './api.js';
import {ActiveClock, IDLE} from './clock.js';

const PAUSE = 1000; // ms between two changes of the text that count as a pause
const SOON = 1200; // ms after leaving a row until its figures are sent: the save goes first
const LATER = 20000;
const MOST = 200; // stretches in one request
const SHORTEST = 300; // ms: rows that are only passed on the way are not worked on
const MODIFIERS = new Set(['Shift', 'Control', 'Alt', 'AltGraph', 'Meta', 'CapsLock', 'NumLock', 'Fn', 'Dead']);

export class Effort {
  constructor(root, grid) {
    Object.assign(this, {grid, clock: new ActiveClock(root), row: null, queue: [], composing: false});
    grid.root.addEventListener('moved', () => this.moved());
    document.addEventListener('visibilitychange', () => this.turned());
    window.addEventListener('pagehide', () => this.leave());
    const listen = (name, act) => grid.area.addEventListener(name, act, {passive: true});
    listen('keydown', (event) => this.key(event));
    listen('beforeinput', () => this.composing || this.look());
    listen('input', (event) => this.typed(event));
    listen('compositionstart', () => this.composed(true));
    listen('compositionend', (event) => this.composed(false, event.data));
  }

  // -- stretches ------------------------------------------------------------------------

  moved() {
    const row = this.grid.current?.row ?? null;
    if (row === this.row) return;
    this.finish();
    this.begin(row);
  }

  begin(row) {
    this.row = row;
    if (!row || document.hidden) return;
    this.tally = {keystrokes: 0, inserted: 0, deleted: 0, pauses: 0};
    this.changedAt = null;
    this.awaited = this.composing = false; // a composition ends with its row
    this.clock.start();
    this.look();
  }

  finish() {
    if (!this.clock.running) return;
    const {active, elapsed} = this.clock.stop();
    const {row, tally} = this;
    if (active < SHORTEST && !tally.keystrokes && !tally.inserted && !tally.deleted) return;
    this.queue.push({row, key: randomKey(), active_ms: active, elapsed_ms: elapsed, ...tally});
    this.soon(SOON);
  }

  /** The tab was hidden or shown: a hidden one does no work. */
  turned() {
    if (document.hidden) this.leave();
    else if (this.row && !this.clock.running) this.begin(this.row);
  }

  leave() {
    this.finish();
    this.row &&= this.grid.current?.row ?? null;
    if (!this.queue.length) return;
    const body = new Blob([JSON.stringify(parcel(this.queue))], {type: 'application/json'});
    navigator.sendBeacon('/api/v1/efforts', body); // sent once more later: the key makes it one
  }

  // -- typing ---------------------------------------------------------------------------

  look() {
    this.before = this.grid.area.value;
  }

  key(event) {
    if (!this.clock.running || event.isComposing || this.composing) return;
    if (event.keyCode === 229) this.awaited = true; // the input method has it: see what it makes
    else if (!event.repeat && !MODIFIERS.has(event.key)) this.tally.keystrokes += 1;
  }

  typed(event) {
    if (!this.clock.running || this.composing || event.isComposing) return;
    if (this.awaited) this.tally.keystrokes += 1; // committed at once, as full-width signs are
    this.awaited = false;
    this.change();
  }

  composed(begins, data = '') {
    this.composing = begins;
    this.awaited = false;
    if (!this.clock.running) return;
    if (begins) this.look();
    else {
      if (data) this.tally.keystrokes += 1; // whatever was typed to get there
      this.change();
    }
  }

  change() {
    const {value} = this.grid.area;
    const [inserted, deleted] = difference(this.before, value);
    this.before = value;
    if (!inserted && !deleted) return;
    this.tally.inserted += inserted;
    this.tally.deleted += deleted;
    const now = performance.now();
    const gap = this.changedAt === null ? 0 : now - this.changedAt;
    if (gap >= PAUSE && gap <= IDLE) this.tally.pauses += 1;
    this.changedAt = now;
  }

  // -- sending --------------------------------------------------------------------------

  soon(delay) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), delay);
  }

  async send() {
    if (this.sending || !this.queue.length) return;
    this.sending = true;
    const batch = this.queue.slice(0, MOST);
    await Promise.all(batch.map(({row}) => row.busy).filter(Boolean));
    const answer = await request('POST', '/efforts', parcel(batch), {keepalive: true});
    this.sending = false;
    const refused = answer.status >= 400 && answer.status < 500 && answer.status !== 401;
    if (answer.ok || refused) this.queue.splice(0, batch.length);
    if (this.queue.length) this.soon(answer.ok ? SOON : LATER);
  }
}

function parcel(batch) {
  return {stretches: batch.map(({row, ...figures}) => ({...figures, segment_id: row.id, revision: row.revision}))};
}

/** How many code points came and went between two states of a text, the same ends left out. */
export function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  let end = 0;
  while (end < most - start && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end += 1;
  if (start && isHigh(before.charCodeAt(start - 1))) start -= 1;
  const count = (text) => Array.from(text.slice(start, text.length - end)).length;
  return [count(after), count(before)];
}

const isHigh = (unit) => unit >= 0xd800 && unit < 0xdc00;

/** crypto.randomUUID exists under TLS and on this machine only. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint32Array(4)), (part) => part.toString(16).padStart(8, '0')).join('');
}
