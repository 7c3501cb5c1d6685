import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { ROOT } from '../../scripts/root.mjs';

const PAGE = join(ROOT, 'docs/reference/reliability.md');
const KEPT = join(ROOT, 'bench-results/faults.jsonl');
const BEGIN = '<!-- fault results: written by `npm run faults -- --docs` -->';
const END = '<!-- end of the fault results -->';

const linesOf = (text) => text.split('\n').flatMap((line) => (line.startsWith('{"case"') ? [JSON.parse(line)] : []));

/** Keeps the lines of a run beside those of earlier ones. */
export const keepLines = (printed) => {
  const lines = linesOf(printed).map((line) => JSON.stringify({ at: new Date().toISOString().slice(0, 10), ...line }));
  if (lines.length === 0) return;
  mkdirSync(join(KEPT, '..'), { recursive: true });
  appendFileSync(KEPT, `${lines.join('\n')}\n`);
};

/** The newest full run of each case. */
const newest = () => {
  const lines = existsSync(KEPT) ? readFileSync(KEPT, 'utf8').split('\n').filter(Boolean) : [];
  const byCase = new Map();
  for (const line of lines.map((each) => JSON.parse(each))) {
    if (line.scale === 'full' && !line.without) byCase.set(line.case, line);
  }
  return [...byCase.values()].sort((a, b) => a.case.localeCompare(b.case));
};

const row = (texts) => `| ${texts.join(' | ')} |`;

const figuresText = (figures) =>
  Object.entries(figures)
    .map(([name, value]) => `${name}: ${value}`)
    .join('; ');

const toMarkdown = (lines) => {
  const head = ['case', 'what is done', 'what must hold', 'held', 'figures', 'run'];
  return [
    row(head),
    row(head.map(() => '---')),
    ...lines.map(({ case: id, name, fault, invariant, ok, figures, at, seed, seconds }) =>
      row([
        id,
        `**${name}**: ${fault}`,
        invariant,
        ok ? 'yes' : 'NO',
        figuresText(figures),
        `${at}, seed ${seed}, ${seconds} s`,
      ]),
    ),
    '',
  ].join('\n');
};

/** Puts the table between the markers of the reference page. @returns its path */
export const writeDocs = () => {
  const page = readFileSync(PAGE, 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${PAGE} has lost its markers`);
  writeFileSync(PAGE, `${page.slice(0, begin + BEGIN.length)}\n\n${toMarkdown(newest())}\n${page.slice(end)}`);
  return PAGE;
};
