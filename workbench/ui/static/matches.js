// What the memory offers for the active segment: why with this score, what differs, what was put in.

import {el, fillSection, quietButton} from './dom.js';
import {pieces, slice} from './text.js';
import {shortTime, t} from './words.js';

const DIFF_TAGS = {equal: 'span', insert: 'ins', delete: 'del'};
const ORIGINS = ['seed', 'harvested'];

export class Matches {
  constructor(grid) {
    Object.assign(this, {grid, offers: []});
    this.root = el('section', {testid: 'panel-matches', 'aria-label': t('panel.matches')});
  }

  /** matches is null while they are asked for; nothing says why there is none. */
  show(matches, nothing) {
    this.offers = (matches ?? []).filter(insertable);
    fillSection(this.root, t('panel.matches'), (matches ?? []).map((match) => this.match(match)), nothing);
  }

  /** Insert the nth offer; a fragment goes where the cursor is, anything else replaces the text. */
  insert(n) {
    const match = this.offers[n];
    if (match) this.grid.insert(match.patch || match.target, !match.fragment);
  }

  match(match) {
    const n = this.offers.indexOf(match);
    const attributes = {testid: 'match', 'data-score': match.score, 'data-how': match.how};
    const content = [
      el('span.wb-line', {}, score(match), ...flags(match),
        ORIGINS.includes(match.origin) && !match.fragment?.term_id ? el('span.wb-badge', {}, t(`panel.${match.origin}`)) : null,
        n >= 0 && n < 5 ? el('kbd', {}, `Alt+${n + 1}`) : null),
      match.penalties.length ? el('span.wb-note', {testid: 'match-why'}, why(match)) : null,
      source(match),
      proposal(match),
      ...match.outdated.map(outdated),
      match.fragment && !match.fragment.aligned ? el('span.wb-note', {}, t('match.whole_unit')) : null,
      el('span.wb-who', {}, who(match)),
    ];
    if (n < 0) return el('div.wb-match.only', attributes, ...content.filter(Boolean));
    return quietButton('button.wb-match', {...attributes, onclick: () => this.insert(n)}, ...content);
  }
}

function insertable(match) {
  return !match.fragment || match.fragment.aligned;
}

function score(match) {
  if (match.fragment) return el('b.wb-score', {'data-band': 'fragment', title: t('match.fragment_title')}, t('match.fragment'));
  const [lemmas, words, all] = match.scores;
  const title = [why(match), t('match.omegat', {lemmas, words, all})].filter(Boolean).join('\n');
  return el('b.wb-score', {'data-band': band(match.score), title}, `${match.score}%`);
}

function band(score) {
  if (score >= 100) return 'exact';
  return score >= 85 ? 'high' : 'low';
}

/** «100 − 3 seed − 5 outdated term» */
function why({score, penalties}) {
  if (!penalties.length) return '';
  const whole = score + penalties.reduce((sum, {points}) => sum + points, 0);
  return [whole, ...penalties.map(({kind, points}) => `${points} (${t(`penalty.${kind}`)})`)].join(' − ');
}

/** Differences that change the meaning stand in red, with their words: − in the memory only, + here only. */
function flags(match) {
  return match.flags.map((flag) => {
    if (flag === 'deprecated') return el('span.wb-badge.error', {'data-flag': flag}, t('flag.deprecated'));
    if (flag === 'number' && match.how === 'slot') return el('span.wb-badge.memory', {'data-flag': flag}, t('match.put_in'));
    const {gone = [], new: fresh = []} = match.concerns.find(({kind}) => kind === flag) ?? {};
    const words = [...gone.map((word) => `−${word}`), ...fresh.map((word) => `+${word}`)].join(' ');
    return el('span.wb-badge.error', {'data-flag': flag}, t(`flag.${flag}`), words ? ': ' : '', el('span', {lang: 'ru'}, words));
  });
}

function source(match) {
  if (!match.fragment) {
    return el('span.wb-diff', {lang: 'ru'}, ...match.diff.map(([op, text]) => el(DIFF_TAGS[op], {}, text)));
  }
  const [start, end] = match.fragment.part;
  return el('span.wb-diff', {lang: 'ru'}, slice(match.source, 0, start),
    el('mark', {}, slice(match.source, start, end)), slice(match.source, end, Infinity));
}

/** The proposal with what was put in, and what the glossary wants in the place of outdated forms. */
function proposal(match) {
  const places = [...match.outdated, ...match.substitutions];
  const parts = pieces(match.target, places).flatMap(([text, place]) => {
    if (!place) return [text];
    if (!place.form) return [el('u.wb-put', {title: `${place.old} → ${place.new}`}, text)];
    return [el('del', {}, text), place.right ? el('ins', {}, place.right) : ''];
  });
  return el('span.wb-proposal', {lang: 'zh-CN'}, ...parts);
}

function outdated({form, right, source: term}) {
  const text = right ? t('match.outdated', {form, right, term}) : t('match.outdated_alone', {form, term});
  return el('span.wb-note', {testid: 'match-outdated'}, text);
}

function who(match) {
  if (match.fragment?.term_id) return t('match.from_glossary');
  return [match.author, shortTime(match.changed), match.article].filter(Boolean).join(' · ');
}
