// Draws what the server says (see charts.py). Tooltips are drawn on the canvas: no text ever becomes mark-up.
import * as echarts from './echarts.js';

const drawn = new Map();
const look = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const colours = () => Array.from({ length: 9 }, (_, i) => look(`--c${i + 1}`));

export function drawAll(places) {
  for (const place of places) draw(place, optionOf(JSON.parse(place.dataset.chart)));
}

export function draw(place, option) {
  drawn.set(place, option);
  const chart = echarts.getInstanceByDom(place) ?? echarts.init(place, null, { renderer: 'canvas' });
  chart.setOption(option(), { notMerge: true });
  if (!place.dataset.watched) {
    place.dataset.watched = 'yes';
    new ResizeObserver(() => chart.resize()).observe(place);
  }
}

export function redraw() {
  for (const [place, option] of drawn) draw(place, option);
}

function optionOf(spec) {
  return () => (spec.kind === 'heat' ? heat(spec) : days(spec));
}

function base() {
  return {
    animation: false,
    color: colours(),
    textStyle: { fontFamily: 'system-ui, sans-serif', color: look('--quiet') },
    aria: { enabled: false }, // the server has said what the chart is, and its table follows
    tooltip: {
      renderMode: 'richText',
      confine: true,
      backgroundColor: look('--sheet'),
      borderColor: look('--line'),
      textStyle: { color: look('--ink'), fontSize: 12 },
    },
  };
}

const quietLine = () => ({ lineStyle: { color: look('--line') } });
const axisLabel = () => ({ color: look('--quiet'), fontSize: 11, hideOverlap: true });

function shown(value, unit) {
  if (value === null || value === undefined) return '–';
  if (unit === '%') return `${(100 * value).toFixed(1)} %`;
  return value.toLocaleString('en', { maximumFractionDigits: 1 }) + (unit ? ` ${unit}` : '');
}

function days(spec) {
  const many = spec.series.length > 1;
  const bars = spec.series.some((s) => s.kind === 'bar');
  return {
    ...base(),
    grid: { left: 44, right: 8, top: many ? 30 : 12, bottom: 22 },
    legend: many ? { type: 'scroll', top: 0, left: 0, itemWidth: 12, itemHeight: 8, textStyle: { color: look('--quiet'), fontSize: 11 }, pageTextStyle: { color: look('--quiet') }, data: spec.series.map((s) => s.label) } : undefined,
    xAxis: { type: 'category', data: spec.days, axisTick: { show: false }, axisLine: quietLine(), axisLabel: { ...axisLabel(), formatter: (day) => day.slice(5) } },
    yAxis: {
      type: 'value', splitLine: quietLine(), max: top(spec), minInterval: spec.unit === '' ? 1 : 0, // there is no half article
      axisLabel: { ...axisLabel(), formatter: (v) => (spec.unit === '%' ? `${Math.round(100 * v)} %` : v.toLocaleString('en', { notation: 'compact' }) + (spec.unit ? ` ${spec.unit}` : '')) },
    },
    tooltip: { ...base().tooltip, trigger: 'axis', axisPointer: { type: bars ? 'shadow' : 'line', shadowStyle: { opacity: 0.12 } }, formatter: (items) => hint(items, spec) },
    series: [...band(spec), ...spec.series.map((s, place) => series(s, place, spec))],
  };
}

// Shares reach 100 % or stay small; a band far above every value is cut, so that the values can be seen.
function top(spec) {
  if (spec.unit === '%') return (v) => (v.max > 0.5 ? 1 : null);
  const highest = Math.max(...spec.series.flatMap((s) => s.values.filter((v) => v !== null)));
  return spec.band && Math.max(...spec.band.high) > 2 * highest && highest > 0 ? nice(2 * highest) : undefined;
}

function nice(value) {
  const step = 10 ** Math.floor(Math.log10(value)) / 2;
  return Math.ceil(value / step) * step;
}

function hint(items, spec) {
  const day = spec.days[items[0].dataIndex];
  const weekday = new Date(`${day}T00:00Z`).toLocaleDateString('en', { weekday: 'short', timeZone: 'UTC' });
  const lines = [`${weekday} ${day}${items[0].dataIndex === spec.partial ? ', not over yet' : ''}`];
  for (const s of spec.series) lines.push(`${s.label}: ${shown(s.values[items[0].dataIndex], spec.unit)}`);
  return lines.join('\n');
}

function series(s, place, spec) {
  const colour = s.colour ? look(`--${s.colour}`) : colours()[place % 9]; // by its own number: the band is a series, too
  const marks = markLines(place === 0 ? spec.marks : [], s.usual, colour);
  if (s.kind === 'line') {
    return { name: s.label, type: 'line', data: s.values, connectNulls: false, symbol: 'circle', symbolSize: 4, showSymbol: spec.days.length < 100, lineStyle: s.dashed ? { type: [3, 3], width: 1, color: look('--quiet') } : { width: 1.6, color: colour }, itemStyle: s.dashed ? { color: look('--quiet'), opacity: 0 } : { color: colour }, markLine: marks };
  }
  const hatch = { symbol: 'rect', dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4, color: look('--paper') };
  return {
    name: s.label, type: 'bar', stack: s.stack ?? undefined, barCategoryGap: '18%', itemStyle: { color: colour },
    data: s.values.map((value, i) => (i === spec.partial ? { value, itemStyle: { color: colour, decal: hatch } } : value)),
    markLine: marks,
  };
}

// Days to point at, and the level that is usual.
function markLines(marks, usual, colour) {
  const level = { label: { show: false }, lineStyle: { color: colour, type: [4, 4], width: 1, opacity: 0.8 } };
  const data = marks.map((m) => ({ name: m.label, xAxis: m.day }));
  if (usual !== null) data.push({ yAxis: usual, ...level });
  if (!data.length) return undefined;
  return { symbol: 'none', silent: true, label: { formatter: '{b}', color: look('--care'), fontSize: 11 }, lineStyle: { color: look('--care'), type: 'solid' }, data };
}

// Two piled areas, the lower one unseen: between low and high no day is a surprise.
function band(spec) {
  if (!spec.band) return [];
  const height = spec.band.high.map((high, i) => (high === null ? null : high - spec.band.low[i]));
  const area = (data, opacity) => ({ type: 'line', stack: 'band', data, silent: true, symbol: 'none', lineStyle: { opacity: 0 }, areaStyle: { color: look('--quiet'), opacity }, tooltip: { show: false }, z: 0 });
  return [area(spec.band.low, 0), area(height, 0.13)];
}

function heat(spec) {
  const cells = spec.series[0].values;
  const longest = Math.max(1, ...cells.map((cell) => cell[3] ?? 0)); // hours
  const delay = (hours) => (hours === null ? 'out before the source was asked' : `here after ${hours < 1 ? `${Math.round(hours * 60)} min` : `${hours.toFixed(1)} h`}`);
  const cell = (value) => (value[3] === null ? { value, visualMap: false, itemStyle: { color: look('--line') } } : { value });
  return {
    ...base(),
    grid: { left: 40, right: 8, top: 8, bottom: 22 },
    xAxis: { type: 'category', data: Array.from({ length: 24 }, (_, h) => String(h).padStart(2, '0')), axisTick: { show: false }, axisLine: quietLine(), axisLabel: axisLabel() },
    yAxis: { type: 'category', data: spec.weekdays, inverse: true, axisTick: { show: false }, axisLine: quietLine(), axisLabel: axisLabel() },
    visualMap: { show: false, dimension: 3, min: 0, max: longest, inRange: { color: [look('--added'), look('--c1')] } },
    tooltip: { ...base().tooltip, formatter: (item) => `${spec.weekdays[item.value[1]]} ${String(item.value[0]).padStart(2, '0')}:00 UTC\n${item.value[2]} articles, ${delay(item.value[3])}` },
    series: [{ type: 'heatmap', data: cells.map(cell), itemStyle: { borderWidth: 1, borderColor: look('--paper') } }],
  };
}

// The quick chart of the console: one column by another.
export function quick(place, labels, values, name) {
  const numbers = values.map((value) => (value === null ? null : Number(value)));
  const line = labels.length > 20 && labels.every((label) => label !== null && /^-?[\d.]+$|^\d{4}-\d\d/.test(label)); // times and numbers
  draw(place, () => ({
    ...base(),
    grid: { left: 56, right: 8, top: 12, bottom: 30 },
    xAxis: { type: 'category', data: labels.map(String), axisTick: { show: false }, axisLine: quietLine(), axisLabel: { ...axisLabel(), width: 120, overflow: 'truncate' } },
    yAxis: { type: 'value', splitLine: quietLine(), axisLabel: axisLabel() },
    tooltip: { ...base().tooltip, trigger: 'axis', formatter: (items) => `${labels[items[0].dataIndex]}\n${name}: ${shown(numbers[items[0].dataIndex], '')}` },
    series: [{ type: line ? 'line' : 'bar', data: numbers, showSymbol: false }],
  }));
}
