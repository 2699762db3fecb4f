// The line at the top: name of the house, who is signed in, language, light or dark.

import {request} from './api.js';
import {el} from './dom.js';
import {loadWords, t} from './words.js';

const LANGUAGES = {zh: '中文', ru: 'Русский', en: 'English'};

export async function mount(root) {
  const answer = await request('GET', '/session');
  if (!answer.ok) return;
  const session = answer.data;
  await loadWords(session.language);
  const language = el('select', {'aria-label': t('app.language')}, ...Object.entries(LANGUAGES).map(([code, name]) => el('option', {value: code, lang: code}, name)));
  language.value = session.language;
  language.addEventListener('change', () => {
    document.cookie = `wb_lang=${language.value}; path=/; max-age=31536000; samesite=strict`;
    location.reload();
  });
  const dark = document.body.classList;
  const theme = el('button', {type: 'button', 'aria-label': t('app.theme'), title: t('app.theme'), onclick: () => {
    dark.toggle('dark');
    localStorage.setItem('wb:theme', dark.contains('dark') ? 'dark' : 'light');
  }}, '◐');
  const chosen = localStorage.getItem('wb:theme');
  const here = location.pathname === '/judge'; // there is no Gradio there, and the way leads back
  if (chosen) dark.toggle('dark', chosen === 'dark');
  else if (here) dark.toggle('dark', matchMedia('(prefers-color-scheme: dark)').matches);
  const leave = session.local ? null : el('button', {type: 'button', onclick: async () => {
    await request('DELETE', '/session');
    location.assign('/login');
  }}, t('app.sign_out'));
  const judges = session.judging || session.permissions.includes('evaluate');
  const way = here || judges ? el('a.wb-way', {href: here ? '/' : '/judge', 'data-testid': 'judge-link'}, t(here ? 'judge.leave' : 'judge.title')) : null;
  root.replaceChildren(...[
    el('strong', {}, t('app.title')), el('span.subtitle', {}, t('app.subtitle')), el('span.wb-space'), way,
    session.local ? null : el('span.who', {}, `${session.name} · ${t(`role.${session.role}`)}`), language, theme, leave,
  ].filter(Boolean));
}
