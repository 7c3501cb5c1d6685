import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

import { ROOT } from '../architecture/source-tree.js';
import type { ReadmeComponent } from './readme-component.js';

const run = promisify(execFile);

export interface AppKind {
  readonly name: string;
  readonly type: 'module' | 'commonjs';
  readonly nest: 11 | 12;
}

type Versions = Readonly<Record<string, string>>;

/** What `nest new` installs, and what the README asks for besides. */
const PACKAGES = [
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/platform-express',
  '@nestjs/platform-socket.io',
  '@nestjs/testing',
  '@nestjs/websockets',
  'class-transformer',
  'class-validator',
  'reflect-metadata',
  'rxjs',
  'typescript',
  '@types/node',
];

function dependenciesOf({ nest }: AppKind): Versions {
  const { devDependencies: ours } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
    devDependencies: Versions;
  };
  const versionOf = (name: string): string => {
    if (nest === 12) return ours[name] ?? '*';
    if (name.startsWith('@nestjs/')) return '^11.0.0';
    return name === 'typescript' ? '~5.9.0' : (ours[name] ?? '*');
  };
  return Object.fromEntries(PACKAGES.map((name) => [name, versionOf(name)]));
}

const TSCONFIG = {
  compilerOptions: {
    module: 'nodenext',
    moduleResolution: 'nodenext',
    target: 'ES2023',
    types: ['node'],
    strict: true,
    isolatedModules: true,
    experimentalDecorators: true,
    emitDecoratorMetadata: true,
    strictPropertyInitialization: false,
    skipLibCheck: true,
    rootDir: 'src',
    outDir: 'dist',
  },
  include: ['src'],
};

const asImport = (file: string): string => `./${file.replace(/\.ts$/, '.js')}`;

const moduleFor = ({ className, classFile }: ReadmeComponent): string => `import { Module } from '@nestjs/common';
import { ComponentsModule } from 'nest-live';

import { ${className} } from '${asImport(classFile)}';

@Module({ imports: [ComponentsModule.forRoot()], providers: [${className}] })
export class AppModule {}
`;

const mainFor = (className: string, file: string): string => `import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';

import { ${className} } from '${asImport(file)}';

async function start() {
  const app = await NestFactory.create(${className}, { logger: ['error', 'warn'] });
  await app.listen(0, '127.0.0.1');
  console.log('listening on ' + (await app.getUrl()));
}

void start();
`;

function withoutJest(): NodeJS.ProcessEnv {
  const { NODE_ENV: _, NODE_OPTIONS: __, JEST_WORKER_ID: ___, NEST_LIVE_KEYS: ____, ...environment } = process.env;
  return environment;
}

async function say(folder: string, command: string, args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run(command, args, { cwd: folder, env: withoutJest(), maxBuffer: 16 * 1024 * 1024 });
    return stdout;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed in ${folder}\n${stdout}\n${stderr}`, { cause: error });
  }
}

function untilListening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const read = (chunk: Buffer): void => {
      said += chunk.toString();
      const url = /listening on (\S+)/.exec(said)?.[1];
      if (url) resolve(url);
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('exit', (code) => reject(new Error(`The app ended with code ${code}:\n${said}`)));
  });
}

/** A Nest application that knows the library only as a tarball. */
export class FreshApp {
  private child?: ChildProcess;

  constructor(
    readonly kind: AppKind,
    private readonly folder: string,
  ) {}

  write(component: ReadmeComponent): void {
    const { className, file } = component.module ?? { className: 'AppModule', file: 'app.module.ts' };
    this.put(
      'package.json',
      JSON.stringify({
        name: 'fresh-app',
        private: true,
        type: this.kind.type,
        dependencies: dependenciesOf(this.kind),
      }),
    );
    this.put('tsconfig.json', JSON.stringify(TSCONFIG));
    this.put('src/main.ts', mainFor(className, file));
    if (!component.module) this.put('src/app.module.ts', moduleFor(component));
    for (const [name, text] of component.files) {
      this.put(join('src', name), text);
      // nest build copies templates when asked to; a plain tsc does not.
      if (!name.endsWith('.ts')) this.put(join('dist', name), text);
    }
  }

  async install(tarball: string): Promise<void> {
    await say(this.folder, 'npm', [
      'install',
      tarball,
      '--prefer-offline',
      '--no-audit',
      '--no-fund',
      '--ignore-scripts',
      '--loglevel=error',
    ]);
  }

  async compile(): Promise<void> {
    await say(this.folder, process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json']);
  }

  /** Runs a line of JavaScript in the application's folder and returns what it prints. */
  evaluate(line: string): Promise<string> {
    return say(this.folder, process.execPath, ['--eval', line]);
  }

  async start(): Promise<string> {
    this.child = spawn(process.execPath, ['dist/main.js'], { cwd: this.folder, env: withoutJest() });
    return untilListening(this.child);
  }

  stop(): void {
    this.child?.removeAllListeners('exit').kill();
  }

  private put(name: string, text: string): void {
    mkdirSync(dirname(join(this.folder, name)), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }
}
