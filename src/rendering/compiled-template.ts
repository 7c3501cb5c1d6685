import type Handlebars from 'handlebars';

import { LiveSetupError } from '../errors/setup-error.js';

/** An isolated Handlebars of one application. */
export type HandlebarsEnvironment = typeof Handlebars;

/** A template read and checked once; its code is made when it first runs. */
export interface CompiledTemplate {
  /** Where it was written, as a developer reads it. */
  readonly file: string;
  readonly source: string;
  readonly ast: hbs.AST.Program;
  readonly run: Handlebars.TemplateDelegate;
  /** The same, where nothing but its caller is given what it prints: no helper, and no other template. */
  readonly runOutermost: Handlebars.TemplateDelegate;
  /** Takes what was changed in its tree. */
  rebuild(): void;
}

/** What a template's code is made of, in the place of its tree. */
export type Prepare = (ast: hbs.AST.Program, isOutermost: boolean) => hbs.AST.Program;

/** Prototype members are never readable, whatever the data is. */
export const NO_PROTOTYPES: Handlebars.RuntimeOptions = Object.freeze({
  allowProtoPropertiesByDefault: false,
  allowProtoMethodsByDefault: false,
});

/** What Handlebars refuses beside syntax is found on the way to its code, which costs a tenth of the code. */
interface WithCompiler {
  readonly Compiler: new () => { compile(ast: hbs.AST.Program, options: object): unknown };
}

interface SyntaxProblem {
  readonly message: string;
  readonly lineNumber?: number;
  readonly column?: number;
}

/**
 * Reads a template so far that every mistake shows at start-up.
 * @param prepare what its code is made of, in the place of its tree
 * @throws LiveSetupError `TEMPLATE_INVALID` with file and line
 */
export function compileTemplate(
  env: HandlebarsEnvironment,
  source: string,
  file: string,
  prepare: Prepare = (ast) => ast,
): CompiledTemplate {
  try {
    const ast = env.parse(source, { srcName: file });
    new (env as HandlebarsEnvironment & WithCompiler).Compiler().compile(ast, {});
    let code: Handlebars.TemplateDelegate | undefined;
    let outermost: Handlebars.TemplateDelegate | undefined;
    return {
      file,
      source,
      ast,
      run: (context: unknown, options) => (code ??= env.compile(prepare(ast, false)))(context, options),
      runOutermost: (context: unknown, options) => (outermost ??= env.compile(prepare(ast, true)))(context, options),
      rebuild: () => (code = outermost = undefined),
    };
  } catch (error) {
    const { message, lineNumber, column } = error as SyntaxProblem;
    const line = lineNumber ?? Number(/on line (\d+)/.exec(message)?.[1] ?? 1);
    const place = column === undefined ? `${file}:${line}` : `${file}:${line}:${column + 1}`;
    throw new LiveSetupError('TEMPLATE_INVALID', `${place} is not valid Handlebars. ${message}`);
  }
}

/** `file:line:column` of a node. */
export const placeOf = (file: string, { start }: { readonly start: hbs.AST.Position }) =>
  `${file}:${start.line}:${start.column + 1}`;
