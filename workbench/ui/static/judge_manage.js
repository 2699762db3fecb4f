// For evaluators: a new campaign, its judges, its end and its results.

import {request, trouble} from './api.js';
import {dialog, el} from './dom.js';
import {interval} from './effort_view.js';
import {t} from './words.js';

const number = (value, digits = 1) => value === null ? '—' : value.toFixed(digits);

export class JudgeManager {
  constructor(page) {
    this.page = page;
    this.opener = el('button.wb-button.primary', {type: 'button', testid: 'judge-new', onclick: () => this.plan()}, `＋ ${t('judge.new')}`);
    this.results = el('button.wb-button', {type: 'button', testid: 'judge-results', onclick: () => this.show(page.task.id)}, t('judge.results'));
  }

  open(key, testid, ...children) {
    return dialog({text: t(key), close: t('dialog.close'), host: this.page.root}, testid, ...children);
  }

  // -- a new campaign -------------------------------------------------------------------

  async plan() {
    const answer = await request('GET', '/judgements/runs');
    const runs = answer.ok ? answer.data : [];
    const field = (name, more) => el('input.wb-input', {name, autocomplete: 'off', testid: `plan-${name}`, ...more});
    const run = el('select.wb-input', {name: 'run', testid: 'plan-run', required: true}, ...runs.map(({id, title, set, size, systems}) =>
      el('option', {value: id}, `${id} · ${title || set} · ${size} · ${systems.join(', ')}`)));
    const kind = el('select.wb-input', {name: 'kind', testid: 'plan-kind'}, ...['da', 'mqm'].map((name) => el('option', {value: name}, t(`judge.kind_${name}`))));
    const label = (key, input) => el('label', {}, t(`judge.plan_${key}`), input);
    const problem = el('p.wb-problem', {role: 'alert'}, runs.length ? '' : t('judge.no_runs'));
    const [name, lines, judges] = [field('name', {required: true, maxlength: 200}), field('lines', {type: 'number', min: 1}), field('judges')];
    const checks = field('checks', {type: 'number', min: 0, max: 50, value: 10});
    const form = el('form.wb-form-grid', {}, label('name', name), label('run', run), label('kind', kind), label('lines', lines),
      label('checks', checks), label('judges', judges), problem, el('button.wb-button.primary', {testid: 'plan-create', disabled: !runs.length}, t('judge.create')));
    const box = this.open('judge.new', 'judge-plan', form);
    name.focus();
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      const made = await request('POST', '/judgements', {name: name.value, run: Number(run.value), kind: kind.value, lines: lines.value ? Number(lines.value) : null,
        checks: Number(checks.value) / 100, judges: names(judges.value)});
      if (!made.ok) {
        problem.textContent = trouble(made, t).join(' ');
        return;
      }
      box.close();
      await this.page.refresh();
      await this.page.open(made.data.id);
    });
  }

  // -- results --------------------------------------------------------------------------

  async show(id) {
    const content = el('div.wb-results', {testid: 'judge-result'});
    this.open('judge.results', 'judge-results-box', content).classList.add('wide');
    await this.fill(content, id);
  }

  async fill(content, id) {
    const answer = await request('GET', `/judgements/${id}/results`);
    if (!answer.ok) {
      content.replaceChildren(el('p.wb-problem', {role: 'alert'}, trouble(answer, t).join(' ')));
      return;
    }
    const {campaign, judges, agreement, systems, comparisons} = answer.data;
    content.replaceChildren(...[
      el('p', {}, el('b', {}, campaign.name), ` · ${t(`judge.kind_${campaign.kind}`)} · ${t('judge.facts', {items: campaign.items, lines: campaign.lines, systems: campaign.system_count, run: campaign.run})}`),
      campaign.closed ? this.exports(id) : this.managing(content, campaign, judges),
      ...(systems.length ? this.systems(campaign, systems, comparisons) : [el('p.wb-note', {}, t('judge.hidden'))]),
      el('h3', {}, t('judge.judges')), judgesTable(judges),
      el('h3', {}, t('judge.agreement')), agreementTable(agreement),
    ].filter(Boolean));
  }

  /** What nobody has judged can go. */
  removing(content, campaign, problem) {
    return el('button.wb-button', {type: 'button', testid: 'judge-delete', onclick: async () => {
      const answer = await request('DELETE', `/judgements/${campaign.id}`);
      if (!answer.ok) problem.textContent = trouble(answer, t).join(' ');
      else {
        content.closest('dialog').close();
        this.page.gone();
      }
    }}, t('judge.delete'));
  }

  managing(content, campaign, judges) {
    const guests = el('input.wb-input', {testid: 'judge-guests', placeholder: t('judge.plan_judges'), 'aria-label': t('judge.plan_judges')});
    const problem = el('span.wb-problem', {role: 'alert'});
    const act = async (path, body) => {
      const answer = await request('POST', `/judgements/${campaign.id}/${path}`, body);
      if (!answer.ok) problem.textContent = trouble(answer, t).join(' ');
      else {
        await this.fill(content, campaign.id);
        await this.page.refresh();
      }
    };
    const end = el('button.wb-button', {type: 'button', testid: 'judge-close', onclick: () => {
      if (end.dataset.sure) act('close');
      end.dataset.sure = 'yes';
      end.textContent = t('judge.close_sure');
    }}, t('judge.close'));
    return el('div.wb-line.wb-managing', {}, guests, el('button.wb-button', {type: 'button', testid: 'judge-invite',
      onclick: () => act('invite', {judges: names(guests.value)})}, t('judge.invite')),
    el('span.wb-who', {}, campaign.judges.length ? t('judge.invited', {names: campaign.judges.join(', ')}) : ''), el('span.wb-space'),
    judges.length ? null : this.removing(content, campaign, problem), end, problem);
  }

  exports(id) {
    const link = (to) => el('a.wb-button', {download: '', testid: `judge-export-${to}`, href: `/api/v1/judgements/${id}/export?to=${to}`}, to.toUpperCase());
    return el('div.wb-line', {}, el('span.wb-who', {}, t('judge.closed_now')), el('span.wb-space'), link('tsv'), link('json'));
  }

  systems(campaign, systems, comparisons) {
    const metrics = systems.find((row) => row.scores.length)?.scores.map((score) => score.metric) ?? [];
    const shown = metrics.map((name) => name === 'MQM' ? t('judge.penalty') : name);
    const rows = systems.map((row) => [row.system, row.items, row.judgements, ...metrics.map((name) => {
      const score = row.scores.find((each) => each.metric === name);
      return score ? interval(score, name === 'DA z' ? 2 : 1) : '—';
    }), ...(campaign.kind === 'mqm' ? [Object.entries(row.categories).slice(0, 4).map(([name, count]) => `${t(`mqm.${name}`)} ${count}`).join(', ')] : [])]);
    const signature = systems.find((row) => row.scores.length)?.scores[0].signature;
    const compared = comparisons.map((each) => [`${each.system} − ${each.baseline}`, each.size, number(each.difference), number(each.p_value, 4), each.test]);
    return [el('h3', {}, t('judge.systems')),
      table([t('judge.system'), t('judge.lines'), t('judge.judgements'), ...shown, ...(campaign.kind === 'mqm' ? [t('judge.frequent')] : [])], rows, 'judge-systems'),
      signature ? el('p.wb-note', {}, el('code', {}, signature)) : null,
      compared.length ? table([t('judge.pair'), t('judge.lines'), t('judge.difference'), 'p', t('judge.test')], compared, 'judge-pairs') : null].filter(Boolean);
  }
}

function judgesTable(judges) {
  const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);
  const kinds = (row) => Object.keys(row.checks).map((kind) => `${t(`judge.check_${kind}`)} ${row.failed[kind] ?? 0}/${row.checks[kind]}`).join(' · ');
  return judges.length ? table(['judge', 'done', 'failed', 'by_kind', 'mean', 'seconds'].map((key) => t(`judge.${key}`)), judges.map((row) => [row.judge, row.done,
    row.failed_share === null ? '—' : `${Math.round(100 * row.failed_share)} % (${sum(row.failed)}/${sum(row.checks)})`, kinds(row),
    row.mean === null ? '—' : `${number(row.mean)} ± ${number(row.deviation)}`, number(row.seconds)]), 'judge-judges') : el('p.wb-none', {}, t('judge.nobody'));
}

function agreementTable(agreement) {
  const name = ({measure, judges}) => measure === 'alpha' ? t('judge.alpha') : `${t('judge.kappa')}: ${judges.join(' – ')}`;
  return table([t('judge.measure'), t('judge.both'), t('judge.value'), t('judge.signature')], agreement.map((each) =>
    [name(each), each.items, between(each), each.signature]), 'judge-agreement');
}

function between({value, low, high}) {
  return low === null ? number(value, 3) : `${number(value, 3)} (${number(low, 3)} … ${number(high, 3)})`;
}

function table(head, rows, testid) {
  return el('table.wb-counted', {testid}, el('thead', {}, el('tr', {}, ...head.map((text) => el('th', {scope: 'col'}, text)))),
    el('tbody', {}, ...rows.map(([first, ...rest]) => el('tr', {}, el('th', {scope: 'row'}, first), ...rest.map((text) => el('td', {}, String(text)))))));
}

function names(text) {
  return text.split(/[,，;；\n]/).map((name) => name.trim()).filter(Boolean);
}
