import { spawn } from 'node:child_process';
import { join } from 'node:path';

import { compileFaults } from '../faults/compile.mjs';

const main = join(compileFaults(), 'test/fuzz/main.js');
const child = spawn(process.execPath, ['--no-warnings', main, ...process.argv.slice(2)], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('close', (code) => {
  process.exitCode = code ?? 1;
});
