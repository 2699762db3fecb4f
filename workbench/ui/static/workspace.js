// The working page: articles on the left, the grid in the middle, the panel on the right.
// mount() is called once by the page's gr.HTML; nothing of an article passes through Gradio.

import {Analysis} from './analysis.js';
import {request} from './api.js';
import {BulletinDesk} from './bulletin.js';
import {Dialogs} from './dialogs.js';
import {el, quietButton} from './dom.js';
import {Effort} from './effort.js';
import {effortOpener} from './effort_view.js';
import {Grid} from './grid.js';
import {bindKeys} from './keys.js';
import {Ledger} from './ledger.js';
import {Panel} from './panel.js';
import {Repeats} from './repeats.js';
import {Shelf} from './shelf.js';
import {Store} from './store.js';
import {Toolbar} from './toolbar.js';
import {loadWords, t} from './words.js';

export async function mount(root) {
  const [answer, articles] = await Promise.all([request('GET', '/session'), request('GET', '/articles')]);
  if (answer.status === 401) {
    location.assign('/login');
    return;
  }
  const session = answer.data;
  session.writes = session.permissions.includes('translate');
  await loadWords(session.language);
  const workspace = new Workspace(root, session);
  await workspace.shelf.start(articles);
  const n = Number(/[#&]n=(\d+)/.exec(location.hash)?.[1]);
  if (n) workspace.grid.go(n);
}

class Workspace {
  constructor(root, session) {
    this.root = root;
    this.store = new Store(session);
    this.grid = new Grid(this.store, session.name);
    this.dialogs = new Dialogs(this.store, this.grid);
    this.shelf = new Shelf(this.store);
    this.ledger = new Ledger(this.store, this.dialogs, this.shelf);
    this.repeats = new Repeats(this.store, this.grid);
    this.toolbar = new Toolbar(this.store, this.grid, this.dialogs, this.ledger, new Analysis(this.store, this.dialogs),
      new BulletinDesk(this.store, this.dialogs, this.shelf));
    this.panel = new Panel(this.store, this.grid);
    this.toasts = el('div.wb-toasts', {role: 'status', 'aria-live': 'polite'});
    this.main = el('section.wb-main', {'aria-label': t('editor.title'), hidden: true}, this.toolbar.root, this.grid.root, this.repeats.root);
    this.nothing = el('section.wb-empty', {hidden: true}, el('h2', {}, t('shelf.empty_title')), el('p', {}, t('shelf.empty_hint')),
      this.store.session.writes ? el('button.wb-button.primary', {type: 'button', onclick: () => this.shelf.newArticle()}, t('shelf.new')) : null);
    this.fold = quietButton('button.wb-fold', {'aria-label': t('shelf.fold'), title: t('shelf.fold'), onclick: () => this.toggleShelf()}, '☰');
    root.replaceChildren(this.fold, this.shelf.root, this.main, this.nothing, this.panel.root, this.toasts);
    this.listen();
    bindKeys(this);
    if (session.effort && session.writes) this.effort = new Effort(root, this.grid);
    if (this.effort) this.toolbar.add(effortOpener(this.dialogs, session));
  }

  listen() {
    const {store} = this;
    store.addEventListener('say', ({detail}) => this.toast(detail));
    store.addEventListener('open', () => this.show(true));
    store.addEventListener('nothing', () => this.show(false));
    store.addEventListener('facts', () => this.toolbar.describe());
    let timer;
    this.grid.root.addEventListener('count', () => { // the list's progress bars follow, unhurried
      clearTimeout(timer);
      timer = setTimeout(() => this.shelf.load(), 1500);
    });
  }

  show(article) {
    this.main.hidden = !article;
    this.panel.root.hidden = !article;
    this.nothing.hidden = article;
    this.root.classList.remove('shelf-open');
  }

  toggleShelf() {
    this.root.classList.toggle(matchMedia('(max-width: 900px)').matches ? 'shelf-open' : 'shelf-shut');
  }

  async toggleLock() {
    const {row} = this.grid.current ?? {};
    if (!row) return;
    if (row.text !== undefined) await this.store.save(row, 'save');
    await this.store.act(row, 'lock', {locked: row.state !== 'locked'});
    this.grid.area.readOnly = row.state === 'locked';
  }

  toast({message, remedy = '', kind = 'info', act, then}) {
    const old = [...this.toasts.children].find((each) => each.dataset.message === message);
    old?.remove();
    const box = el(`div.wb-toast.${kind}`, {testid: 'toast', 'data-message': message}, el('p', {}, message), remedy ? el('p', {}, remedy) : null);
    if (act) box.append(quietButton('button.wb-button', {onclick: () => { box.remove(); then(); }}, act));
    box.append(quietButton('button.wb-close', {'aria-label': t('dialog.close'), onclick: () => box.remove()}, '×'));
    this.toasts.append(box);
    setTimeout(() => box.remove(), kind === 'error' ? 12000 : 6000);
    while (this.toasts.children.length > 4) this.toasts.firstChild.remove();
  }
}
