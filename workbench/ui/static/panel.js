// The side panel of the active segment: matches, terms, issues, history.

import {request} from './api.js';
import {el, fillSection, quietButton} from './dom.js';
import {Matches} from './matches.js';
import {Names} from './names.js';
import {Terms} from './terms.js';
import {shortTime, t} from './words.js';

const DELAY = 60; // ms: moving through rows quickly asks nothing

export class Panel {
  constructor(store, grid) {
    Object.assign(this, {store, grid, data: null, row: null});
    const section = (name) => el('section', {testid: `panel-${name}`, 'aria-label': t(`panel.${name}`)});
    this.matches = new Matches(grid);
    this.terms = new Terms(store, grid);
    this.names = new Names(store, grid);
    this.issues = section('issues');
    this.history = section('history');
    this.root = el('aside.wb-panel', {tabindex: '0', 'aria-label': t('panel.title')},
      this.terms.root, this.names.root, this.matches.root, this.issues, this.history);
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

  paintMatches() {
    const matches = this.data?.matches ?? null;
    const [done, total] = this.data?.building ?? [];
    const building = total ? t('panel.building', {done, total}) : '';
    const nothing = t(!this.row ? 'panel.no_row' : this.data ? 'panel.no_matches' : 'panel.loading');
    this.matches.show(matches, building || nothing);
    if (building && matches?.length) {
      this.matches.root.append(el('p.wb-none', {testid: 'memory-building', role: 'status'}, building));
    }
  }

  insertMatch(n) {
    this.matches.insert(n);
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
