/** What a reader finds in the README: files to paste, and how to reach the component in them. */
export interface ReadmeComponent {
  /** Contents by file name, to be put into `src`. */
  readonly files: ReadonlyMap<string, string>;
  readonly className: string;
  readonly classFile: string;
  readonly component: string;
  readonly event: string;
  /** Set when the README shows the module too. */
  readonly module?: { readonly className: string; readonly file: string };
}

interface Block {
  readonly language: string;
  readonly name?: string;
  readonly code: string;
}

const FENCE = /^```(\w+)[^\n]*\n([\s\S]*?)^```$/gm;
const FILE_NAME = /^(?:\/\/|{{!--|<!--) *(?:src\/)?([\w./-]+\.(?:ts|hbs|html)) *(?:--}}|-->)?$/;

function blocksOf(markdown: string): readonly Block[] {
  return [...markdown.matchAll(FENCE)].map(([, language = '', code = '']) => {
    const name = FILE_NAME.exec(code.split('\n', 1)[0] ?? '')?.[1];
    return { language, code, ...(name && { name }) };
  });
}

function find(pattern: RegExp, code: string, what: string): string {
  const found = pattern.exec(code)?.slice(1).find(Boolean);
  if (!found) throw new Error(`The component of the README has no ${what}.`);
  return found;
}

/**
 * Reads the first ```ts block with `@LiveComponent`. Further blocks belong to it when their first line names their file
 * (`// app.module.ts`, `{{!-- counter.hbs --}}`).
 */
export function readComponent(markdown: string): ReadmeComponent {
  const blocks = blocksOf(markdown);
  const block = blocks.find(({ language, code }) => language === 'ts' && code.includes('@LiveComponent'));
  if (!block) throw new Error('The README has no ts block with @LiveComponent.');

  const classFile = block.name ?? 'readme.component.ts';
  const files = new Map([[classFile, block.code]]);
  for (const { name, code } of blocks) if (name && !files.has(name)) files.set(name, code);

  const moduleFile = [...files].find(([, code]) => code.includes('@Module(') && code.includes('ComponentsModule'));
  return {
    files,
    classFile,
    className: find(/@LiveComponent\([\s\S]*?export class (\w+)/, block.code, 'exported class'),
    component: find(/@LiveComponent\(\s*'([^']+)'/, block.code, 'name'),
    event: find(/@OnEvent\(\s*(?:'([^']+)'[^)]*)?\)\s*(?:@[^\n]*\s*)*(?:async )?(\w+)\(/, block.code, 'event'),
    ...(moduleFile && {
      module: {
        file: moduleFile[0],
        className: find(/@Module\([\s\S]*?export class (\w+)/, moduleFile[1], 'module class'),
      },
    }),
  };
}
