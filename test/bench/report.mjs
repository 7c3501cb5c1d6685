import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../scripts/root.mjs';

const PAGE = join(ROOT, 'docs/reference/benchmarks.md');
const BEGIN = '<!-- benchmark results: written by `npm run bench -- --docs` -->';
const END = '<!-- end of the benchmark results -->';

const figure = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

const ratioText = ({ ratio, limit, aim, beside }) => {
  if (ratio === undefined) return '';
  const range = `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`;
  if (limit === undefined) return `${ratio.median.toFixed(2)}× ${beside} (${range})`;
  const verdict = ratio.median <= aim ? 'goal met' : ratio.median <= limit ? 'within limit' : 'over limit';
  return `${ratio.median.toFixed(2)}× ${beside} (${range}; ${verdict})`;
};

const bytesText = ({ bytesUp, bytesDown }) =>
  bytesUp === undefined ? '' : `${bytesUp.toFixed(0)} / ${bytesDown.toFixed(0)}`;

const HEAD = ['target', 'unit', 'median', 'min–max'];

export const ratioColumn = { head: 'ratio, median (min–max)', cell: ratioText };

const baseText = ({ toBase }) =>
  toBase === undefined ? '' : `${toBase.median.toFixed(2)}× (${toBase.min.toFixed(2)}–${toBase.max.toFixed(2)})`;

/** A row may have columns of its own instead. */
const COLUMNS = [ratioColumn, { head: 'bytes up / down', cell: bytesText }];

const cells = (line, columns) =>
  line.skipped === undefined
    ? [
        line.target,
        line.unit,
        figure(line.median),
        `${figure(line.min)}–${figure(line.max)}`,
        ...columns.map(({ cell }) => cell(line)),
      ]
    : [line.target, `SKIP: ${line.skipped}`, ...Array.from({ length: 2 + columns.length }, () => '')];

const row = (texts) => `| ${texts.join(' | ')} |`;

const heading = (title) => `### ${title}`;

const section = ({ title, goal, lines, columns: own = COLUMNS }) => {
  const isCompared = lines.some(({ toBase }) => toBase !== undefined);
  const columns = isCompared ? [...own, { head: 'to base', cell: baseText }] : own;
  const head = [...HEAD, ...columns.map((column) => column.head)];
  return [
    heading(title),
    '',
    `Target: ${goal}.`,
    '',
    row(head),
    row(head.map(() => '---')),
    ...lines.map((line) => row(cells(line, columns))),
    '',
  ].join('\n');
};

const list = (texts) => texts.map((text) => `- ${text}`).join('\n');

/** One table per row of the benchmark, and above them how it was measured. */
export const toMarkdown = ({ conditions, rows }) => [list(conditions), '', ...rows.map(section)].join('\n');

export const writeJson = (report) => {
  const folder = join(ROOT, 'bench-results');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${report.at.replace(/[:.]/g, '-')}.json`);
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
};

/** Each row under its own heading: in the place of its older tables, or behind the others; with its own conditions. */
const mergeRows = (results, { conditions, rows }) =>
  rows.reduce((text, one) => {
    const fresh = `${section(one)}\n${list(conditions)}\n`;
    const from = text.indexOf(`${heading(one.title)}\n`);
    if (from < 0) return `${text.trimEnd()}\n\n${fresh}`;
    const next = text.indexOf('\n### ', from);
    return text.slice(0, from) + fresh + (next < 0 ? '' : text.slice(next));
  }, results);

/** Puts the tables between the markers of the reference page; of a run of some rows only these are replaced. */
export const writeDocs = (report) => {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN) + BEGIN.length, page.indexOf(END)];
  if (begin < BEGIN.length || end < begin) throw new Error(`${PAGE} has lost its markers`);
  const results = report.isWhole ? toMarkdown(report) : mergeRows(page.slice(begin, end).trim(), report);
  writeFileSync(PAGE, `${page.slice(0, begin)}\n\n${results.trimEnd()}\n\n${page.slice(end)}`);
  return PAGE;
};
