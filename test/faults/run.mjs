import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { isBuilt } from '../../scripts/build-output.mjs';
import { compileFaults } from './compile.mjs';
import { keepLines, writeDocs } from './report.mjs';

const [docs, rest] = [process.argv.includes('--docs'), process.argv.slice(2).filter((flag) => flag !== '--docs')];
const main = join(compileFaults(), 'test/faults/main.js');
const child = spawn(process.execPath, ['--experimental-websocket', '--expose-gc', '--no-warnings', main, ...rest], {
  stdio: ['ignore', 'pipe', 'inherit'],
  env: { ...process.env, FAULT_CLIENT: isBuilt() ? 'built' : 'not built' },
});
let printed = '';
child.stdout.on('data', (chunk) => {
  printed += chunk;
  process.stdout.write(chunk);
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('close', (code) => {
  keepLines(printed);
  if (docs) console.error(`Written to ${writeDocs()}`);
  process.exitCode = code ?? 1;
});
