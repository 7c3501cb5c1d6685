import { posix } from 'node:path';

import ts from 'typescript';

export interface Sample {
  readonly page: string;
  readonly line: number;
  readonly code: string;
  /** Words after `ts` on the fence. */
  readonly info: string;
}

const FENCE = /^( *)(`{3,})([\w-]*)([^\n]*)\n([\s\S]*?)^\1\2 *$/gm;

/** Every ```ts block of a page. */
export function samplesOf(page: string, markdown: string): readonly Sample[] {
  return [...markdown.matchAll(FENCE)].flatMap((block) => {
    const [, , , language, info = '', code = ''] = block;
    if (language !== 'ts' && language !== 'typescript') return [];
    const line = markdown.slice(0, block.index).split('\n').length + 1;
    return [{ page, line, code, info: info.trim() }];
  });
}

/** `no-check` and why, on the fence of a block that cannot be compiled. */
export const isUnchecked = ({ info }: Sample): boolean => /^no-check\b/.test(info);

export const findUnexplained = (samples: readonly Sample[]): readonly string[] =>
  samples
    .filter((sample) => isUnchecked(sample) && sample.info.replace('no-check', '').trim().length < 10)
    .map(({ page, line }) => `${page}:${line} says no-check without a reason`);

/** A block that begins with `// cart.component.ts` is that file for the other blocks of its page. */
function pathOf({ page, line, code }: Sample, root: string): string {
  const name = /^\/\/ ([\w./-]+\.ts)\s*$/m.exec(code.split('\n', 1)[0] ?? '')?.[1] ?? `block-${line}.ts`;
  return posix.join(root, 'test/docs/.pages', page.replace(/\W+/g, '-'), name);
}

function compilerOptions(root: string): ts.CompilerOptions {
  const { config } = ts.readConfigFile(posix.join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  return {
    ...options,
    noEmit: true,
    noUnusedLocals: false,
    noUnusedParameters: false,
    // Two blocks of a page may declare the same name.
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
}

/** Compiles the samples together with the repository's own sources; one line for each error. */
export function typeCheck(samples: readonly Sample[], root: string): readonly string[] {
  const options = compilerOptions(root);
  const virtual = new Map(samples.map((sample) => [pathOf(sample, root), sample]));
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile, directoryExists } = host;

  host.fileExists = (path) => virtual.has(path) || fileExists.call(host, path);
  host.readFile = (path) => virtual.get(path)?.code ?? readFile.call(host, path);
  host.directoryExists = (path) =>
    [...virtual.keys()].some((file) => file.startsWith(`${path}/`)) || (directoryExists?.call(host, path) ?? true);
  host.getSourceFile = (path, version, ...rest) => {
    const sample = virtual.get(path);
    if (!sample) return getSourceFile.call(host, path, version, ...rest);
    return ts.createSourceFile(path, sample.code, version, true);
  };

  const program = ts.createProgram({ rootNames: [...virtual.keys()], options, host });
  return [...virtual].flatMap(([path, sample]) => {
    const source = program.getSourceFile(path);
    const diagnostics = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)];
    return diagnostics.map(({ start = 0, messageText }) => {
      const line = sample.line + sample.code.slice(0, start).split('\n').length - 1;
      return `${sample.page}:${line} ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
    });
  });
}
