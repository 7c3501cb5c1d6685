import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { ROOT } from './root.mjs';

const SNAPSHOT = join(ROOT, 'test/architecture/public-api.json');
const DOORS = {
  'nest-live': 'src/index.ts',
  'nest-live/extend': 'src/extend.ts',
  'nest-live/forms': 'libs/forms/src/index.ts',
  'nest-live/testing': 'libs/testing/src/index.ts',
};

const KINDS = [
  [ts.SymbolFlags.Class, 'class'],
  [ts.SymbolFlags.Function, 'function'],
  [ts.SymbolFlags.Enum, 'enum'],
  [ts.SymbolFlags.Variable, 'const'],
  [ts.SymbolFlags.Interface, 'interface'],
  [ts.SymbolFlags.TypeAlias, 'type'],
  [ts.SymbolFlags.Namespace, 'namespace'],
];

/** What a door exports: each name with its kind, `const + type` where a name is both. */
function listDoor(checker, source) {
  const door = checker.getSymbolAtLocation(source);
  if (!door) return {};
  const kindOf = (symbol) => {
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    const kinds = KINDS.filter(([flag]) => target.flags & flag).map(([, kind]) => kind);
    return kinds.join(' + ') || 'unresolved';
  };
  const entries = checker.getExportsOfModule(door).map((symbol) => [symbol.name, kindOf(symbol)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function listDoors(doors) {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const present = Object.entries(doors).filter(([, file]) => existsSync(join(ROOT, file)));
  const program = ts.createProgram(
    present.map(([, file]) => join(ROOT, file)),
    { ...options, types: [], noEmit: true },
  );
  const checker = program.getTypeChecker();
  return Object.fromEntries(
    present.map(([name, file]) => [name, listDoor(checker, program.getSourceFile(join(ROOT, file)))]),
  );
}

// `--door name=file` lists another file instead, for the test of this very script.
const door = process.argv.find((argument) => argument.startsWith('--door='))?.slice('--door='.length);
const [name, file] = door?.split('=') ?? [];
const json = `${JSON.stringify(listDoors(name ? { [name]: file } : DOORS), null, 2)}\n`;

if (process.argv.includes('--update')) writeFileSync(SNAPSHOT, json);
else process.stdout.write(json);
