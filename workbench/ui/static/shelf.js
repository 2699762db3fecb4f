// The article list, taking in new articles, and their metadata.

import {request, trouble} from './api.js';
import {dialog, el} from './dom.js';
import {t} from './words.js';

const FACTS = ['title', 'author', 'outlet', 'date', 'url'];
const ACCEPT = '.txt,.md,.html,.htm,.docx';

/** How many segments of an article in the list are finished, and how many it has. */
export function progress({counts}) {
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  return {done: (counts.confirmed ?? 0) + (counts.reviewed ?? 0) + (counts.locked ?? 0), total};
}

export class Shelf {
  constructor(store) {
    Object.assign(this, {store, articles: []});
    this.search = el('input.wb-input', {type: 'search', placeholder: t('shelf.search'), 'aria-label': t('shelf.search'), oninput: () => this.paint()});
    this.list = el('ul.wb-articles', {testid: 'article-list', 'aria-label': t('shelf.title')});
    this.create = el('button.wb-button.primary', {type: 'button', testid: 'article-new', onclick: () => this.newArticle()}, `＋ ${t('shelf.new')}`);
    this.create.disabled = !store.session.writes;
    this.root = el('nav.wb-shelf', {'aria-label': t('shelf.title')}, el('div.wb-shelf-head', {}, this.create, this.search), this.list);
    store.addEventListener('open', () => this.paint());
  }

  async load(known) {
    const answer = known ?? await request('GET', '/articles');
    if (!answer.ok) return this.store.say(...trouble(answer, t), 'error');
    this.articles = answer.data;
    return this.paint();
  }

  paint() {
    const wanted = this.search.value.trim().toLowerCase();
    const shown = this.articles.filter((each) => !wanted || name(each).toLowerCase().includes(wanted));
    this.search.hidden = this.articles.length < 6 && !wanted;
    this.list.replaceChildren(...shown.map((each) => this.item(each)));
    if (!shown.length) this.list.append(el('li.wb-none', {}, t(wanted ? 'dialog.nothing_found' : 'shelf.empty')));
  }

  item(article) {
    const {metadata} = article;
    const {done, total} = progress(article);
    const current = this.store.article?.id === article.id;
    const open = el('button.wb-article', {type: 'button', 'aria-current': current ? 'true' : null, 'data-id': article.id,
      testid: 'article-item', onclick: () => this.open(article.id)},
    el('span.wb-article-title', {lang: 'ru'}, name(article)),
    el('span.wb-who', {}, [metadata.outlet, metadata.date].filter(Boolean).join(' · ')),
    el('span.wb-line', {}, el('progress', {max: total || 1, value: done, 'aria-label': t('editor.progress')}), el('span.wb-who', {}, `${done}/${total}`)));
    const tools = el('span.wb-tools', {},
      el('button.wb-link', {type: 'button', title: t('shelf.facts'), 'aria-label': `${t('shelf.facts')}: ${name(article)}`, testid: 'article-facts', onclick: () => this.facts(article)}, '✎'),
      el('button.wb-link', {type: 'button', title: t('shelf.delete'), 'aria-label': `${t('shelf.delete')}: ${name(article)}`, testid: 'article-delete', onclick: () => this.remove(article)}, '✕'));
    return el('li', {}, open, this.store.session.writes ? tools : null);
  }

  async open(id) {
    if (!(await this.store.open(id))) return;
    history.replaceState(null, '', `#article=${id}`);
    try {
      localStorage.setItem('wb:article', String(id));
    } catch {
      // without storage the list is where one starts
    }
  }

  /** What to show first: the address, the last one worked on, the top of the list. */
  async start(articles) {
    await this.load(articles);
    let last = null;
    try {
      last = localStorage.getItem('wb:article');
    } catch {
      last = null;
    }
    const asked = /article=(\d+)/.exec(location.hash)?.[1] ?? last;
    const ids = this.articles.map((each) => each.id);
    const id = ids.includes(Number(asked)) ? Number(asked) : ids[0];
    if (id) await this.open(id);
    else this.store.tell('nothing');
  }

  async remove(article) {
    const answer = await request('DELETE', `/articles/${article.id}`);
    if (!answer.ok) return this.store.say(...trouble(answer, t), 'error');
    this.store.tell('say', {message: t('shelf.deleted', {title: name(article)}), kind: 'info',
      act: t('shelf.undo'), then: async () => {
        await request('POST', `/articles/${article.id}/restore`);
        await this.load();
      }});
    await this.load();
    if (this.store.article?.id === article.id) {
      if (this.articles.length) await this.open(this.articles[0].id);
      else this.store.tell('nothing');
    }
    return undefined;
  }

  // -- a new article ------------------------------------------------------------------

  newArticle() {
    const paste = el('textarea.wb-input.wb-paste', {testid: 'article-paste', lang: 'ru', placeholder: t('new.paste_here'), 'aria-label': t('new.paste')});
    const file = el('input', {type: 'file', testid: 'article-upload', accept: ACCEPT, 'aria-label': t('new.upload')});
    const problem = el('p.wb-problem', {role: 'alert', testid: 'article-problem'});
    const fields = factFields({});
    const go = el('button.wb-button.primary', {testid: 'article-create'}, t('new.create'));
    const drop = el('label.wb-drop', {}, el('span', {}, t('new.upload')), file, el('small', {}, t('new.formats')));
    const form = el('form.wb-new', {}, el('div.wb-new-text', {}, paste, drop), el('div.wb-form-grid', {}, ...fields.labels), problem, el('footer', {}, go));
    const box = dialog({text: t('shelf.new'), close: t('dialog.close')}, 'new-article', form);
    box.classList.add('wide');
    dropFiles(drop, file);
    paste.focus();
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      go.disabled = true;
      problem.textContent = '';
      const answer = await send(file.files[0], paste.value, fields.values());
      go.disabled = false;
      if (!answer.ok) {
        problem.textContent = trouble(answer, t).join(' ');
        return;
      }
      box.close();
      await this.load();
      await this.open(answer.data.id);
      await this.load();
    });
  }

  facts(article) {
    const fields = factFields(article.metadata);
    const problem = el('p.wb-problem', {role: 'alert'});
    const form = el('form.wb-form-grid', {}, ...fields.labels, problem, el('button.wb-button.primary', {testid: 'facts-save'}, t('shelf.save')));
    const box = dialog({text: t('shelf.facts'), close: t('dialog.close')}, 'article-facts-dialog', form);
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const answer = await request('PATCH', `/articles/${article.id}`, fields.values());
      if (!answer.ok) {
        problem.textContent = trouble(answer, t).join(' ');
        return;
      }
      box.close();
      if (this.store.article?.id === article.id) {
        Object.assign(this.store.article, answer.data);
        this.store.tell('facts');
      }
      await this.load();
    });
  }
}

function name(article) {
  return article.metadata.title || article.name || t('shelf.untitled');
}

function send(file, text, facts) {
  if (!file) return request('POST', '/articles', {text, ...facts});
  const form = new FormData();
  form.append('file', file);
  for (const [key, value] of Object.entries(facts)) form.append(key, value);
  return request('POST', '/articles/upload', form);
}

function factFields(known) {
  const inputs = Object.fromEntries(FACTS.map((fact) => [fact, el('input.wb-input', {
    name: fact, value: known[fact] ?? '', autocomplete: 'off', testid: `article-${fact}`, type: fact === 'date' ? 'date' : 'text',
  })]));
  return {
    labels: FACTS.map((fact) => el('label', {'data-fact': fact}, t(`fact.${fact}`), inputs[fact])),
    values: () => Object.fromEntries(FACTS.map((fact) => [fact, inputs[fact].value])),
  };
}

function dropFiles(zone, input) {
  zone.addEventListener('dragover', (event) => event.preventDefault());
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) input.files = event.dataTransfer.files;
  });
}
