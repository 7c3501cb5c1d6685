import type Handlebars from 'handlebars';

import { LiveSetupError } from '../errors/setup-error.js';

/** An isolated Handlebars of one application. */
export type HandlebarsEnvironment = typeof Handlebars;

/** A template read and compiled once. */
export interface CompiledTemplate {
  /** Where it was written, as a developer reads it. */
  readonly file: string;
  readonly source: string;
  readonly ast: hbs.AST.Program;
  readonly run: Handlebars.TemplateDelegate;
  /** Compiles again after its tree was changed. */
  rebuild(): void;
}

/** Prototype members are never readable, whatever the data is. */
export const NO_PROTOTYPES: Handlebars.RuntimeOptions = Object.freeze({
  allowProtoPropertiesByDefault: false,
  allowProtoMethodsByDefault: false,
});

interface Compilable extends Handlebars.TemplateDelegate {
  /** Handlebars compiles at the first run; asking for a partial's set-up compiles now. */
  _setup?(options: { partial: true }): void;
}

interface SyntaxProblem {
  readonly message: string;
  readonly lineNumber?: number;
  readonly column?: number;
}

/**
 * Compiles a template completely, so that every mistake shows at start-up.
 * @throws LiveSetupError `TEMPLATE_INVALID` with file and line
 */
export function compileTemplate(env: HandlebarsEnvironment, source: string, file: string): CompiledTemplate {
  try {
    const ast = env.parse(source, { srcName: file });
    let compiled = compileTree(env, ast);
    return {
      file,
      source,
      ast,
      run: (context: unknown, options) => compiled(context, options),
      rebuild: () => (compiled = compileTree(env, ast)),
    };
  } catch (error) {
    const { message, lineNumber, column } = error as SyntaxProblem;
    const line = lineNumber ?? Number(/on line (\d+)/.exec(message)?.[1] ?? 1);
    const place = column === undefined ? `${file}:${line}` : `${file}:${line}:${column + 1}`;
    throw new LiveSetupError('TEMPLATE_INVALID', `${place} is not valid Handlebars. ${message}`);
  }
}

function compileTree(env: HandlebarsEnvironment, ast: hbs.AST.Program): Handlebars.TemplateDelegate {
  const run: Compilable = env.compile(ast);
  run._setup?.({ partial: true });
  return run;
}

/** `file:line:column` of a node. */
export const placeOf = (file: string, { start }: { readonly start: hbs.AST.Position }) =>
  `${file}:${start.line}:${start.column + 1}`;
