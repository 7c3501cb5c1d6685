import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { capture } from './command.mjs';
import { ROOT } from './root.mjs';

const PAGE = 'docs/reference/compatibility.md';
const [START, END] = ['<!-- npm run compat writes from here -->', '<!-- to here -->'];
const FOLDERS = ['test/compat/packages/node_modules', 'node_modules'];

const versionOf = (name) => {
  for (const folder of FOLDERS) {
    try {
      return JSON.parse(readFileSync(join(ROOT, folder, name, 'package.json'), 'utf8')).version;
    } catch {
      // The next folder.
    }
  }
  return 'not installed';
};

const said = (row) => {
  if (!row) return '–';
  const steps = Object.keys(row.failed);
  return steps.length === 0 ? 'works' : `not: ${steps.join(', ')}`;
};

const lineOf = (name, rows) => {
  const { packages = [] } = rows[0];
  const versions = packages.map((one) => `\`${one}\` ${versionOf(one)}`).join(', ');
  const [express, fastify] = ['express', 'fastify'].map((wanted) =>
    said(rows.find(({ platform }) => platform === wanted)),
  );
  return `| ${packages.includes(name) ? `\`${name}\`` : name} | ${versions} | ${express} | ${fastify} |`;
};

const rowsByName = (rows) => {
  const byName = new Map();
  for (const row of rows) byName.set(row.name, [...(byName.get(row.name) ?? []), row]);
  return byName;
};

/** What `npm run compat` has found, as the table of the reference. */
export async function writeCompatTable(report) {
  const byName = rowsByName(JSON.parse(readFileSync(report, 'utf8')));
  const today = new Date().toISOString().slice(0, 10);
  const ours = ['@nestjs/core', 'express', 'fastify'].map((name) => `\`${name}\` ${versionOf(name)}`).join(', ');
  const table = [
    `Run on ${today} with ${ours} and Node ${process.versions.node}.`,
    '',
    '| beside | versions | Express | Fastify |',
    '| --- | --- | --- | --- |',
    ...[...byName].map(([name, rows]) => lineOf(name, rows)),
  ].join('\n');
  const page = readFileSync(join(ROOT, PAGE), 'utf8');
  const [before, rest] = page.split(START);
  const [, after] = rest.split(END);
  writeFileSync(join(ROOT, PAGE), `${before}${START}\n\n${table}\n\n${END}${after}`);
  await capture(process.execPath, ['node_modules/prettier/bin/prettier.cjs', '--write', PAGE]);
}
