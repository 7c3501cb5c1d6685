import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../scripts/root.mjs';
import { MarkedSection } from './marked-section.mjs';

const SECTION = new MarkedSection({
  path: join(ROOT, 'docs/reference/benchmarks.md'),
  begin: '<!-- benchmark results: written by `npm run bench -- --docs` -->',
  end: '<!-- end of the benchmark results -->',
});

export const figure = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

const verdictOn = (median, { limit, aim }) =>
  median <= aim ? 'goal met' : median <= limit ? 'within limit' : 'over limit';

const ratioText = ({ ratio, limit, aim, beside, ceiling, median }) => {
  if (ceiling !== undefined) return `of ${ceiling.limit} at most: ${verdictOn(median, ceiling)}`;
  if (ratio === undefined) return '';
  const range = `${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}`;
  if (limit === undefined) return `${ratio.median.toFixed(2)}× ${beside} (${range})`;
  return `${ratio.median.toFixed(2)}× ${beside} (${range}; ${verdictOn(ratio.median, { limit, aim })})`;
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

export const row = (texts) => `| ${texts.join(' | ')} |`;

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

export const list = (texts) => texts.map((text) => `- ${text}`).join('\n');

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
  SECTION.text = report.isWhole ? toMarkdown(report) : mergeRows(SECTION.text, report);
  return SECTION.path;
};
