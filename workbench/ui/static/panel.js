// The side panel of the active segment: matches, terms, issues, history.

import {request} from './api.js';
import {el, fillSection, quietButton} from './dom.js';
import {Names} from './names.js';
import {Terms} from './terms.js';
import {shortTime, t} from './words.js';

const DELAY = 60; // ms: moving through rows quickly asks nothing

const DIFF_TAGS = {equal: 'span', insert: 'ins', delete: 'del'};

export class Panel {
  constructor(store, grid) {
    Object.assign(this, {store, grid, data: null, row: null});
    const section = (name) => el('section', {testid: `panel-${name}`, 'aria-label': t(`panel.${name}`)});
    this.matches = section('matches');
    this.terms = new Terms(store, grid);
    this.names = new Names(store, grid);
    this.issues = section('issues');
    this.history = section('history');
    this.root = el('aside.wb-panel', {tabindex: '0', 'aria-label': t('panel.title')},
      this.terms.root, this.names.root, this.matches, this.issues, this.history);
    grid.root.addEventListener('moved', () => this.follow());
    grid.root.addEventListener('repaint', () => this.refresh());
    grid.area.addEventListener('input', () => this.paintTerms());
    this.follow();
  }

  get visibleIssues() {
    return this.row ? this.row.issues.filter((issue) => !issue.dismissed) : [];
  }

  follow() {
    this.row = this.grid.current?.row ?? null;
    this.data = null;
    this.paint();
    this.load();
  }

  /** The row was saved: its issues and receipts are here already, the rest is asked again. */
  refresh() {
    this.paintTerms();
    this.paintIssues();
    if (this.row && this.row.revision !== this.loadedRevision) this.load();
  }

  load() {
    clearTimeout(this.timer);
    const {row} = this;
    if (row) this.timer = setTimeout(() => this.ask(row), DELAY);
  }

  async ask(row) {
    const answer = await request('GET', `/segments/${row.id}/panel`);
    if (this.row !== row || !answer.ok) return; // the translator has moved on
    this.loadedRevision = answer.data.row.revision;
    this.data = answer.data;
    this.paint();
  }

  paint() {
    this.paintMatches();
    this.paintTerms();
    this.paintIssues();
    this.paintHistory();
  }

  paintTerms() {
    this.terms.show(this.row, this.data?.readings ?? []);
  }

  fill(section, name, children, empty) {
    fillSection(section, t(`panel.${name}`), children, this.row ? t(empty) : t('panel.no_row'));
  }

  // -- matches ------------------------------------------------------------------------

  paintMatches() {
    const found = this.data?.matches ?? [];
    this.fill(this.matches, 'matches', found.map((match, k) => this.match(match, k)), this.data ? 'panel.no_matches' : 'panel.loading');
  }

  match(match, k) {
    const diff = match.diff.map(([op, text]) => el(DIFF_TAGS[op], {}, text));
    const who = [match.author, shortTime(match.changed), match.article].filter(Boolean).join(' · ');
    return quietButton('button.wb-match', {testid: 'match', 'data-score': match.score,
      onclick: () => this.grid.insert(match.target, true)},
    el('span.wb-line', {}, el('b.wb-score', {'data-band': band(match.score)}, `${match.score}%`),
      ...match.flags.map((flag) => el('span.wb-badge.error', {}, t(`flag.${flag}`))),
      ['seed', 'harvested'].includes(match.origin) ? el('span.wb-badge', {}, t(`panel.${match.origin}`)) : null,
      k < 5 ? el('kbd', {}, `Alt+${k + 1}`) : null),
    el('span.wb-diff', {lang: 'ru'}, ...diff),
    el('span.wb-proposal', {lang: 'zh-CN'}, match.target),
    el('span.wb-who', {}, who));
  }

  insertMatch(k) {
    const match = this.data?.matches[k];
    if (match) this.grid.insert(match.target, true);
  }

  // -- issues -------------------------------------------------------------------------

  paintIssues() {
    this.fill(this.issues, 'issues', this.visibleIssues.map((issue, k) => this.issue(issue, k)), 'panel.no_issues');
  }

  issue(issue, k) {
    const fix = issue.fix === null ? null : quietButton('button.wb-button', {testid: 'issue-fix',
      onclick: () => this.grid.insert(issue.fix, true)}, t('panel.fix'));
    return el('div.wb-issue', {'data-severity': issue.severity, testid: 'issue'},
      el('p', {}, el('span', {'aria-hidden': 'true'}, issue.severity === 'error' ? '✕ ' : '⚠ '), issue.message),
      el('span.wb-line', {}, fix,
        quietButton('button.wb-button', {testid: 'issue-dismiss', onclick: () => this.dismiss(k)},
          t('panel.dismiss'), k < 9 ? el('kbd', {}, `Ctrl+Alt+${k + 1}`) : null)));
  }

  async dismiss(k) {
    const issue = this.visibleIssues[k];
    if (issue) await this.store.act(this.row, 'dismiss', {issue_id: issue.id, reason: ''});
  }

  // -- history ------------------------------------------------------------------------

  paintHistory() {
    const versions = this.data?.history ?? [];
    this.fill(this.history, 'history', versions.map((version) => this.version(version)), this.data ? 'panel.no_history' : 'panel.loading');
  }

  version(version) {
    const {row} = this;
    const by = version.author || version.engine || '—';
    const restore = version.revision === row.revision ? null : quietButton('button.wb-link', {testid: 'restore',
      onclick: () => this.restore(row, version)}, t('panel.restore'));
    return el('div.wb-version', {},
      el('span.wb-line', {}, el('b', {}, t(`action.${version.action}`)), el('span.wb-who', {}, `${by} · ${shortTime(version.created)}`), restore),
      el('span.wb-old', {lang: 'zh-CN'}, version.target || t('editor.empty')));
  }

  async restore(row, version) {
    await row.busy;
    if (await this.store.act(row, 'restore', {version: version.revision})) this.grid.show(row);
  }
}

function band(score) {
  if (score >= 100) return 'exact';
  return score >= 85 ? 'high' : 'low';
}
