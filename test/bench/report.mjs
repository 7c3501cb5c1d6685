import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../scripts/root.mjs';

const PAGE = join(ROOT, 'docs/reference/benchmarks.md');
const BEGIN = '<!-- benchmark results: written by `npm run bench -- --docs` -->';
const END = '<!-- end of the benchmark results -->';

const figure = (value) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

const ratioText = ({ ratio, limit, aim, beside }) => {
  if (ratio === undefined) return '';
  const verdict = ratio.median <= aim ? 'goal met' : ratio.median <= limit ? 'within limit' : 'over limit';
  return `${ratio.median.toFixed(2)}× ${beside} (${ratio.min.toFixed(2)}–${ratio.max.toFixed(2)}; ${verdict})`;
};

const cells = (line) => [
  line.target,
  line.unit,
  figure(line.median),
  `${figure(line.min)}–${figure(line.max)}`,
  ratioText(line),
  line.bytesUp === undefined ? '' : `${line.bytesUp.toFixed(0)} / ${line.bytesDown.toFixed(0)}`,
];

const HEAD = ['target', 'unit', 'median', 'min–max', 'ratio, median (min–max)', 'bytes up / down'];

const row = (texts) => `| ${texts.join(' | ')} |`;

/** One table per row of the benchmark, and above them how it was measured. */
export const toMarkdown = ({ conditions, rows }) =>
  [
    ...conditions.map((condition) => `- ${condition}`),
    ...rows.flatMap(({ title, goal, lines }) => [
      '',
      `### ${title}`,
      '',
      `Target: ${goal}.`,
      '',
      row(HEAD),
      row(HEAD.map(() => '---')),
      ...lines.map((line) => row(cells(line))),
    ]),
    '',
  ].join('\n');

export const writeJson = (report) => {
  const folder = join(ROOT, 'bench-results');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${report.at.replace(/[:.]/g, '-')}.json`);
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
};

/** Puts the tables between the markers of the reference page. */
export const writeDocs = (markdown) => {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has lost its markers`);
  writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n\n${markdown}\n${page.slice(end)}`);
  return PAGE;
};
