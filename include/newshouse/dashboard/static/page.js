// What every page does: charts, sorted tables, local times, the theme, links that leave the frame.
import { drawAll, redraw } from './charts.js';

drawAll(document.querySelectorAll('[data-chart]'));

document.querySelector('[data-theme-switch]')?.addEventListener('click', () => {
  const root = document.documentElement;
  root.dataset.theme = root.dataset.theme === 'dark' ? 'light' : 'dark';
  try { localStorage.setItem('newshouse-theme', root.dataset.theme); } catch { /* private window */ }
  redraw();
});

for (const time of document.querySelectorAll('time[datetime]')) {
  const local = new Date(time.dateTime);
  if (!Number.isNaN(local.valueOf())) time.title = `${local.toLocaleString()} where you are`;
}

for (const table of document.querySelectorAll('table[data-sortable]')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, place) => {
    if (head.classList.contains('of-spark') || head.classList.contains('of-choice')) return;
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener('click', () => sort(table, heads, place));
  });
}

function sort(table, heads, place) {
  const head = heads[place];
  // Figures begin with the largest, words with A.
  const first = head.classList.contains('figure') ? 'descending' : 'ascending';
  const second = first === 'ascending' ? 'descending' : 'ascending';
  const order = head.getAttribute('aria-sort') === first ? second : first;
  for (const other of heads) other.removeAttribute('aria-sort');
  head.setAttribute('aria-sort', order);
  const sign = order === 'ascending' ? 1 : -1;
  const rows = [...table.tBodies[0].rows].map((row) => [valueOf(row.cells[place]), row]);
  rows.sort(([a], [b]) => {
    if (a === null || b === null) return (a === null) - (b === null); // what is missing comes last, either way
    return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)));
  });
  table.tBodies[0].append(...rows.map(([, row]) => row));
}

function valueOf(cell) {
  if (cell.dataset.value !== undefined) return Number(cell.dataset.value);
  const text = cell.innerText.trim();
  return text === '–' || text === '' ? null : text;
}

// One box ticks all that can be decided on; the count says what a button would decide on.
for (const form of document.querySelectorAll('form[data-chooses]')) {
  const boxes = [...form.querySelectorAll('td input[type=checkbox]')];
  const all = document.createElement('input');
  all.type = 'checkbox';
  all.ariaLabel = 'all of this page';
  form.querySelector('th.of-choice').append(all);
  const count = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && ticked < boxes.length;
    form.querySelector('[data-chosen]').textContent = ticked ? `${ticked} ticked` : 'Tick what you want to decide on.';
    for (const button of form.querySelectorAll('button[name=action]')) button.disabled = ticked === 0;
  };
  all.addEventListener('change', () => { for (const box of boxes) box.checked = all.checked; count(); });
  form.addEventListener('change', count);
  count();
}

// What is under way is asked for again, and only what is new is said and shown: who reads the page is not thrown out.
async function follow() {
  while (document.querySelector('[data-running]')) {
    await new Promise((go) => { setTimeout(go, 2000); });
    const answer = await fetch(location.href).catch(() => null); // no answer: the next one, perhaps
    if (answer && !answer.ok) { location.reload(); return; }
    if (!answer) continue;
    const now = new DOMParser().parseFromString(await answer.text(), 'text/html');
    for (const part of document.querySelectorAll('[data-part]')) {
      const next = now.querySelector(`[data-part=${part.dataset.part}]`);
      if (!next) { location.reload(); return; }
      if (next.innerHTML !== part.innerHTML) part.replaceChildren(...next.childNodes);
    }
  }
}
follow();

// Airflow shows us in a frame that may not open windows or leave its page; the page around it may.
for (const link of document.querySelectorAll('a[data-leaves]')) {
  link.addEventListener('click', (event) => {
    if (window.parent === window || event.defaultPrevented) return;
    event.preventDefault();
    const outside = window.parent.document.createElement('a');
    outside.href = link.href;
    outside.rel = 'noopener noreferrer';
    if (new URL(link.href).origin !== location.origin) outside.target = '_blank';
    outside.click();
  });
}
