import { show } from './command.mjs';
import { ensureCompatPackages } from './compat-packages.mjs';
import { ensureInstalled } from './installation.mjs';

ensureInstalled();
ensureCompatPackages();
const jest = [
  '--no-warnings',
  '--experimental-vm-modules',
  'node_modules/jest/bin/jest.js',
  '--verbose',
  'test/compat',
];
process.exitCode = await show(process.execPath, jest);
