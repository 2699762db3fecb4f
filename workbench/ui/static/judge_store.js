// Sending verdicts without losing one: kept in the browser until the server has them.

import {request, trouble} from './api.js';
import {t} from './words.js';

const RETRY = 3000;

export class Verdicts {
  constructor(name, say) {
    Object.assign(this, {prefix: `wb:judge:${name}:`, say, pending: new Map(), busy: null});
    window.addEventListener('online', () => this.drain());
    window.addEventListener('beforeunload', (event) => this.pending.size && event.preventDefault());
  }

  /** Give an item the verdict back that an earlier page could not send. */
  recover(item) {
    const kept = this.read(item.id);
    if (kept) {
      item.said = kept;
      this.pending.set(item.id, {verdict: kept, then: []});
      this.drain();
    }
    return item;
  }

  /** Returns the judge's progress once the server has the verdict, null when it refuses it. */
  send(item, verdict, row) {
    this.write(item.id, verdict);
    row.mark('saving');
    return new Promise((resolve) => {
      const before = this.pending.get(item.id)?.then ?? [];
      this.pending.set(item.id, {verdict, then: [...before, resolve], row});
      this.drain();
    });
  }

  settled() {
    return this.busy ?? Promise.resolve();
  }

  drain() {
    this.busy ??= this.sendAll().finally(() => { this.busy = null; });
    return this.busy;
  }

  async sendAll() {
    while (this.pending.size) {
      const [[id, entry]] = this.pending;
      const {verdict, then, row} = entry;
      const answer = await request('PUT', `/judgements/items/${id}`, verdict, {keepalive: true});
      const passing = answer.status === 0 || answer.status === 401 || answer.status >= 500;
      if (!answer.ok) this.say({message: trouble(answer, t).join(' '), kind: 'error'});
      if (passing) {
        row?.mark('error');
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.drain(), RETRY);
        return;
      }
      row?.mark(answer.ok ? '' : 'error');
      if (this.pending.get(id) !== entry) continue; // a newer verdict waits
      this.pending.delete(id);
      this.forget(id);
      for (const resolve of then) resolve(answer.ok ? answer.data.task : null);
    }
  }

  read(id) {
    try {
      return JSON.parse(localStorage.getItem(this.prefix + id));
    } catch {
      return null;
    }
  }

  write(id, verdict) {
    try {
      localStorage.setItem(this.prefix + id, JSON.stringify(verdict));
    } catch {
      // Storage is full or forbidden: it is still sent, and leaving asks.
    }
  }

  forget(id) {
    try {
      localStorage.removeItem(this.prefix + id);
    } catch {
      // as above
    }
  }
}
