// The SQL console: runs queries, completes names, saves queries for all readers, draws a column.
import { quick } from './charts.js';

const find = (selector) => document.querySelector(selector);
const form = find('[data-editor]');
const editor = form.elements.query;
const csrf = find('meta[name=csrf]').content;
const [run, stop, status, error, result] = ['run', 'stop', 'status', 'error', 'result'].map((n) => find(`[data-${n}]`));
let running = null;

// ---- running -------------------------------------------------------------------------------------------------------
async function post(path, body) {
  const answer = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-Newshouse-CSRF': csrf }, body: JSON.stringify(body) });
  if (!answer.ok) throw await refusal(answer);
  return answer.json();
}

// Why, in words. Who stands before us, a login or a proxy, may answer with a page instead.
async function refusal(answer) {
  const json = answer.headers.get('Content-Type')?.includes('json') ? await answer.json() : {};
  const said = json.error ?? (typeof json.detail === 'string' ? json.detail : `The server said ${answer.status}. Load the page again.`);
  return new Error(said);
}

async function runQuery() {
  if (running) return;
  running = crypto.randomUUID?.() ?? `q${Date.now()}${Math.random().toString(16).slice(2)}`;
  run.disabled = true;
  stop.disabled = false;
  error.hidden = true;
  status.textContent = 'Running …';
  try {
    show(await post('sql/run', { query: editor.value, name: running }));
  } catch (problem) {
    error.textContent = problem.message;
    error.hidden = false;
    status.textContent = '';
  } finally {
    running = null;
    run.disabled = false;
    stop.disabled = true;
  }
}

run.addEventListener('click', runQuery);
stop.addEventListener('click', () => running && post('sql/stop', { name: running }).catch(() => {}));
for (const button of form.querySelectorAll('[data-form]')) button.addEventListener('click', () => { form.elements.form.value = button.dataset.form; });

// A download that is refused must not take the page away: it is asked for by script, and saved as the browser does.
form.addEventListener('submit', async (event) => {
  event.preventDefault();
  error.hidden = true;
  status.textContent = 'Preparing the file …';
  const kind = form.elements.form.value;
  try {
    const answer = await fetch(form.action, { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams(new FormData(form)) });
    if (!answer.ok) throw await refusal(answer);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await answer.blob());
    link.download = `newshouse.${kind}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    status.textContent = `newshouse.${kind} is complete.`;
  } catch (problem) {
    error.textContent = problem instanceof TypeError ? 'The file broke off before it was complete; nothing was saved.' : problem.message;
    error.hidden = false;
    status.textContent = '';
  }
});

// ---- the result ----------------------------------------------------------------------------------------------------
const numeric = (type) => /INT|DOUBLE|FLOAT|DECIMAL|NUMERIC|BIGNUM/.test(type) && !/\[|STRUCT|MAP|INTERVAL/.test(type);

function show({ columns, rows, more, cut, seconds }) {
  const table = document.createElement('table');
  const head = table.createTHead().insertRow();
  for (const column of columns) {
    const th = document.createElement('th');
    th.scope = 'col';
    th.textContent = column.name;
    th.title = column.type;
    if (numeric(column.type)) th.className = 'figure';
    head.append(th);
  }
  const body = table.createTBody();
  for (const row of rows) {
    const tr = body.insertRow();
    row.forEach((value, i) => {
      const td = tr.insertCell();
      td.textContent = value === null ? 'NULL' : value; // text only: what is in the data is never mark-up
      td.className = value === null ? 'null' : numeric(columns[i].type) ? 'figure' : '';
    });
  }
  result.replaceChildren(table);
  const count = `${more ? 'The first ' : ''}${rows.length.toLocaleString('en')} row${rows.length === 1 ? '' : 's'}`;
  status.textContent = `${count} in ${seconds} s.${more ? ' CSV and Parquet have all.' : ''}${cut ? ' Long values are cut here.' : ''}`;
  offerChart(columns, rows);
}

function offerChart(columns, rows) {
  const place = find('[data-quick]');
  const [y, x] = [find('[data-quick-y]'), find('[data-quick-x]')];
  const figures = columns.map((c, i) => [c, i]).filter(([c]) => numeric(c.type));
  place.hidden = figures.length === 0 || rows.length < 2 || columns.length < 2;
  if (place.hidden) return;
  y.replaceChildren(...figures.map(([c, i]) => new Option(c.name, i)));
  x.replaceChildren(...columns.map((c, i) => new Option(c.name, i)));
  x.value = columns.findIndex((_, i) => String(i) !== y.value);
  const paint = () => quick(place.querySelector('.plot'), rows.map((r) => r[x.value] ?? 'NULL'), rows.map((r) => r[y.value]), columns[y.value].name);
  y.onchange = paint;
  x.onchange = paint;
  paint();
}

// ---- saved queries, examples, link ---------------------------------------------------------------------------------
// Saved in the house, for all its readers. Who may only read has no buttons for it.
const saved = find('[data-saved]');
const name = find('[data-name]');

function listSaved(queries, chosen) {
  saved.replaceChildren(new Option('choose …', ''), ...queries.map((one) => {
    const option = new Option(one.name, one.name);
    Object.assign(option.dataset, { query: one.query, who: one.who, at: one.at });
    return option;
  }));
  saved.value = chosen;
  find('[data-forget]').disabled = !chosen;
}

async function change(path, body, said) {
  error.hidden = true;
  try {
    const { queries } = await post(path, body);
    listSaved(queries, queries.some((one) => one.name === body.name) ? body.name : '');
    status.textContent = said;
  } catch (problem) {
    error.textContent = problem.message;
    error.hidden = false;
  }
}

find('[data-save]')?.addEventListener('click', () => {
  const given = (name.value.trim() || editor.value.trim().split('\n')[0].slice(0, 60)).replace(/\s+/g, ' ');
  change('sql/save', { name: given, query: editor.value }, `Saved for all readers as “${given}”.`);
});
find('[data-forget]')?.addEventListener('click', () => change('sql/forget', { name: saved.value }, `“${saved.value}” is forgotten.`));
saved.addEventListener('change', () => {
  const { query, who, at } = saved.selectedOptions[0].dataset;
  if (name) { name.value = saved.value; find('[data-forget]').disabled = !saved.value; }
  if (!query) return;
  editor.value = query;
  status.textContent = `Saved by ${who}, ${at.slice(0, 10)}.`;
});
find('[data-examples]').addEventListener('change', (event) => { if (event.target.value) { editor.value = event.target.value; runQuery(); } });

// After the '#', so that no query stands in the log of a server; a link fills the editor and runs nothing.
function openLink() {
  const query = new URLSearchParams(location.hash.slice(1)).get('q');
  if (query) editor.value = query;
}
find('[data-permalink]').addEventListener('click', async () => {
  location.hash = new URLSearchParams({ q: editor.value });
  try {
    await navigator.clipboard.writeText(location.href);
    status.textContent = 'The link is in the clipboard.';
  } catch {
    status.textContent = 'The link is in the address bar.';
  }
});
window.addEventListener('hashchange', openLink);
openLink();

// ---- completion ----------------------------------------------------------------------------------------------------
const names = new Map();
for (const item of document.querySelectorAll('[data-table]')) {
  names.set(item.dataset.table, 'table');
  for (const button of item.querySelectorAll('[data-insert]')) if (!names.has(button.dataset.insert)) names.set(button.dataset.insert, item.dataset.table);
}
for (const word of 'SELECT FROM WHERE GROUP BY ALL ORDER LIMIT JOIN USING HAVING COUNT DISTINCT DESC BETWEEN INTERVAL'.split(' ')) names.set(word, '');
const list = find('#completion');
let chosen = -1;

const wordBefore = () => editor.value.slice(0, editor.selectionStart).match(/[A-Za-z_][A-Za-z0-9_]*$/)?.[0] ?? '';

function complete() {
  const word = wordBefore();
  const fitting = word.length < 2 ? [] : [...names].filter(([name]) => name.toLowerCase().startsWith(word.toLowerCase()) && name !== word).slice(0, 8);
  list.replaceChildren(...fitting.map(([name, of], i) => {
    const item = document.createElement('li');
    item.role = 'option';
    item.id = `completion-${i}`;
    item.textContent = name;
    const hint = document.createElement('span');
    hint.textContent = of;
    item.append(hint);
    item.addEventListener('pointerdown', (event) => { event.preventDefault(); take(name); });
    return item;
  }));
  choose(-1);
  list.hidden = fitting.length === 0;
  const line = editor.value.slice(0, editor.selectionStart).split('\n').length;
  list.style.top = `${Math.min(line * 19 + 12, editor.offsetHeight)}px`;
}

function choose(place) {
  chosen = place;
  [...list.children].forEach((item, i) => item.setAttribute('aria-selected', i === chosen));
  if (chosen >= 0) editor.setAttribute('aria-activedescendant', `completion-${chosen}`);
  else editor.removeAttribute('aria-activedescendant');
}

function take(name) {
  const end = editor.selectionStart;
  editor.setRangeText(name.replace(/\(.*$/, "('"), end - wordBefore().length, end, 'end');
  list.hidden = true;
  editor.focus();
}

editor.addEventListener('input', complete);
editor.addEventListener('blur', () => { list.hidden = true; });
editor.addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); list.hidden = true; runQuery(); return; }
  if (list.hidden) return;
  const many = list.children.length;
  if (event.key === 'ArrowDown') choose((chosen + 1) % many);
  else if (event.key === 'ArrowUp') choose((chosen + many - 1) % many);
  else if (event.key === 'Enter' && chosen >= 0) list.children[chosen].dispatchEvent(new PointerEvent('pointerdown', { cancelable: true }));
  else if (event.key === 'Escape') list.hidden = true;
  else return;
  event.preventDefault();
});

// ---- the schema ----------------------------------------------------------------------------------------------------
find('[data-schema-filter]').addEventListener('input', (event) => {
  const wanted = event.target.value.toLowerCase();
  for (const item of document.querySelectorAll('[data-table]')) {
    const hit = item.textContent.toLowerCase().includes(wanted);
    item.hidden = !hit;
    item.querySelector('details').open = wanted.length > 1 && hit && !item.dataset.table.toLowerCase().includes(wanted);
  }
});
for (const button of document.querySelectorAll('[data-insert]')) {
  button.addEventListener('click', () => { editor.setRangeText(button.dataset.insert, editor.selectionStart, editor.selectionEnd, 'end'); editor.focus(); });
}
