import { LiveSetupError } from '../errors/setup-error.js';
import { type CompiledTemplate, placeOf } from './compiled-template.js';
import { guardOf } from './guard-block.js';
import { GuardedValues } from './guarded-values.js';
import { guardFor, htmlTravels, nameOf, objectionTo, objectionToBlock } from './hole-rules.js';
import { step, stride } from './markup-reader.js';
import { afterHole, AmbiguousMarkup, join, keyOf, type MarkupState, placeIn, TEXT } from './markup-state.js';
import { type Body, NOTHING, type Scope, signatureOf, withInline } from './partial-scope.js';
import { partialName } from './template-nodes.js';

type Partial = hbs.AST.PartialStatement | hbs.AST.PartialBlockStatement;

/** What a template finds around it. */
export interface Surroundings {
  partial(name: string): CompiledTemplate | undefined;
  partials(): Iterable<CompiledTemplate>;
  isHelper(name: string): boolean;
}

/** Blocks whose body is printed once at most; others may repeat it. */
const ONCE = new Set(['if', 'unless', 'with']);

/**
 * Follows a template through the HTML it makes and refuses data where a browser would take it for code or markup.
 * Addresses and styles are rewritten to be judged at each render.
 * @throws LiveSetupError `TEMPLATE_UNSAFE_CONTEXT` with file, line and column
 */
export function checkMarkup(template: CompiledTemplate, surroundings: Surroundings): void {
  const check = new MarkupCheck(surroundings);
  check.root(template);
  check.values.protect();
}

class MarkupCheck {
  readonly values = new GuardedValues();
  readonly #walked = new Set<hbs.AST.Program>();
  readonly #declared: Body[] = [];
  /** Bodies under way by how they were entered; `true` once one was found inside itself. */
  readonly #running = new Map<string, boolean>();
  /** Where in a text a textarea opens. */
  readonly #areas = new Map<hbs.AST.Statement, number>();
  #htmlTravels = false;

  constructor(private readonly around: Surroundings) {}

  root(template: CompiledTemplate): void {
    this.#body({ program: template.ast, template, scope: NOTHING }, TEXT);
    // What no name leads to may be printed through a computed one.
    for (const body of this.#declared) if (!this.#walked.has(body.program)) this.#body(body, TEXT);
  }

  #body(body: Body, start: MarkupState): MarkupState {
    const { program, template } = body;
    if (program.body.length === 0) return start;
    const key = `${signatureOf(body)}|${keyOf(start)}`;
    if (this.#running.has(key)) {
      // Includes itself: judged by the round that is under way, which has to end where it began.
      this.#running.set(key, true);
      return start;
    }
    if (start.mode === 'before-value') throw refusal(this.#end(body), 'begins an attribute value.', BORDER);
    this.#running.set(key, false);
    this.#walked.add(program);
    if (program === template.ast) this.#htmlTravels ||= htmlTravels(program);
    const scope = withInline(body);
    for (const declared of scope.inline.values()) this.#declared.push(declared);
    let state = start;
    for (const node of program.body) state = this.#statement(node, state, { ...body, scope });
    const recursive = this.#running.get(key);
    this.#running.delete(key);
    if (recursive && keyOf(state) !== keyOf(start)) {
      throw refusal(this.#end(body), 'includes itself, and ends elsewhere in the HTML than it begins.', WHOLE);
    }
    if (state.value === start.value) return state;
    throw refusal(this.#end(body), 'leaves an attribute value open, or closes one, across its border.', BORDER);
  }

  #end({ program, template }: Body): string {
    return placeOf(template.file, (program.body.at(-1) ?? program).loc);
  }

  #statement(node: hbs.AST.Statement, state: MarkupState, body: Body): MarkupState {
    switch (node.type) {
      case 'ContentStatement':
        return this.#content(node as hbs.AST.ContentStatement, state, body);
      case 'MustacheStatement':
        return this.#hole(node as hbs.AST.MustacheStatement, state, body);
      case 'BlockStatement':
        return this.#block(node as hbs.AST.BlockStatement, state, body);
      case 'PartialStatement':
      case 'PartialBlockStatement':
        return this.#partial(node as Partial, state, body);
      default:
        return state;
    }
  }

  #content(node: hbs.AST.ContentStatement, start: MarkupState, { program, template }: Body): MarkupState {
    let state = start;
    for (let at = 0; at < node.value.length; at += 1) {
      const run = stride(state, node.value, at);
      if (run !== undefined) {
        state = run.state;
        at = run.to - 1;
        continue;
      }
      const next = stepped(state, node.value[at], () => contentPlace(template.file, node, at));
      if (next.value !== undefined && state.value === undefined) {
        this.values.open(next.value, { template, program, node, offset: at + 1 });
      }
      if (isArea(next) && !isArea(state)) this.#areas.set(node, at + 1);
      if (next.value === undefined && state.value !== undefined) {
        this.values.close(state.value, { template, program, node, offset: at });
      }
      state = next;
    }
    return state;
  }

  #hole(node: hbs.AST.MustacheStatement, state: MarkupState, { program, template, guarded }: Body): MarkupState {
    const place = placeIn(state);
    const objection = objectionTo(node, place);
    if (objection !== undefined) {
      throw refusal(placeOf(template.file, node.loc), `${objection.what}: ${textOf(node, template)}.`, objection.fix);
    }
    const isHelper = (name: string) => this.around.isHelper(name);
    const begun = this.#beginsArea(node, state, program);
    const asked = begun ? 'area' : guardFor(node, place, { isHelper, htmlTravels: this.#htmlTravels });
    const guard = guarded ? undefined : asked;
    if (begun && !guarded) this.#mark(begun);
    if (guard !== undefined) this.values.hole(node, { template, program, guard });
    return afterHole(state);
  }

  /** The text that opens the textarea whose content the value is the beginning of. */
  #beginsArea(node: hbs.AST.Statement, state: MarkupState, program: hbs.AST.Program) {
    const before = program.body[program.body.indexOf(node) - 1] as hbs.AST.ContentStatement | undefined;
    const at = before && this.#areas.get(before);
    return isArea(state) && at !== undefined && at === before?.value.length ? before : undefined;
  }

  /** An empty textarea does not show that the template fills it: the client has to know, to empty it. */
  #mark(content: hbs.AST.ContentStatement): void {
    const { value } = content;
    const tag = value.slice(Math.max(0, value.lastIndexOf('<')));
    if (!/\s(?:name|id|live-[^\s=>]+)=/.test(tag) || tag.includes(FILLED)) return;
    content.value = `${value.slice(0, -1)} ${FILLED}>`;
  }

  #block(node: hbs.AST.BlockStatement, start: MarkupState, body: Body): MarkupState {
    const guard = guardOf(node);
    if (guard !== undefined) {
      return this.#body({ ...body, program: node.program, guarded: guard !== 'address' }, start);
    }
    const objection = objectionToBlock(node, placeIn(start));
    if (objection !== undefined) {
      throw refusal(placeOf(body.template.file, node.loc), `${objection.what}.`, objection.fix);
    }
    const name = node.path.type === 'PathExpression' ? node.path.original : '';
    const branches = [node.program, node.inverse] as (hbs.AST.Program | undefined)[];
    const once = (from: MarkupState) =>
      branches
        .map((program) => (program === undefined ? from : this.#body({ ...body, program }, from)))
        .reduce((one, other) => join(one, other) ?? mixed(node, body));
    const end = once(start);
    if (ONCE.has(name)) return end;
    // Not at all, once or many times: until another round changes nothing.
    let [before, any] = [start, join(start, end) ?? mixed(node, body)];
    while (keyOf(before) !== keyOf(any)) [before, any] = [any, join(any, once(any)) ?? mixed(node, body)];
    return any;
  }

  #partial(node: Partial, state: MarkupState, body: Body): MarkupState {
    const { template, scope } = body;
    const place = placeIn(state);
    if (place.kind === 'quoted' && place.attribute === 'style') {
      throw refusal(placeOf(template.file, node.loc), `includes a partial in ${nameOf(place)}.`, 'Write it out there.');
    }
    const content = node.type === 'PartialBlockStatement' ? node.program : undefined;
    const block = content === undefined ? scope.block : { program: content, template, scope };
    if (content !== undefined && block !== undefined) this.#declared.push(block);
    const { original } = node.name as hbs.AST.PathExpression;
    if (node.name.type === 'PathExpression' && original === '@partial-block') {
      return scope.block === undefined ? state : this.#body(scope.block, state);
    }
    const inner = content === undefined ? scope : withInline({ program: content, template, scope });
    const name = partialName(node);
    if (name === undefined) return this.#computed(node, state, { template, scope: { inline: inner.inline, block } });
    const found = this.#named(name, { inline: inner.inline, block });
    if (found !== undefined) return this.#body(found, state);
    return content === undefined || block === undefined ? state : this.#body(block, state);
  }

  #named(name: string, { inline, block }: Scope): Body | undefined {
    const declared = inline.get(name);
    if (declared !== undefined) return { ...declared, scope: { ...declared.scope, block } };
    const found = this.around.partial(name);
    return found && { program: found.ast, template: found, scope: { inline, block } };
  }

  /** It may be any of them. */
  #computed(node: Partial, state: MarkupState, { template, scope }: Omit<Body, 'program'>): MarkupState {
    const place = placeOf(template.file, node.loc);
    if (placeIn(state).kind !== 'text') {
      throw refusal(place, 'includes a partial by a computed name inside a tag or a script.', 'Name it.');
    }
    const files = [...this.around.partials()].map((found): Body => ({ program: found.ast, template: found, scope }));
    for (const body of [...files, ...[...scope.inline.values()].map((found) => ({ ...found, scope }))]) {
      if (keyOf(this.#body(body, state)) === keyOf(state)) continue;
      const what = `includes a partial by a computed name, and ${body.template.file} ends elsewhere than it begins.`;
      throw refusal(place, what, 'Name it, or let each partial be whole elements.');
    }
    return state;
  }
}

/** On a textarea whose text the template says. */
const FILLED = 'live-text';

const isArea = ({ mode, tag }: MarkupState): boolean => mode === 'literal' && tag === 'textarea';

const BORDER = 'Put the quotes and all between them on the same side of the border of a block or file.';
const WHOLE = 'Let it be whole elements.';

function stepped(state: MarkupState, sign: string, place: () => string): MarkupState {
  try {
    return step(state, sign);
  } catch (error) {
    if (error instanceof AmbiguousMarkup) throw refusal(place(), error.message);
    throw error;
  }
}

function mixed(node: hbs.AST.BlockStatement, { template }: Body): never {
  throw refusal(
    placeOf(template.file, node.loc),
    'has a block after which the HTML stands in different places, depending on data.',
    'Let each branch begin and end in the same tag, attribute value, script or text.',
  );
}

const refusal = (place: string, what: string, fix = '') =>
  new LiveSetupError('TEMPLATE_UNSAFE_CONTEXT', [place, what, fix].filter((part) => part !== '').join(' '));

function textOf({ loc }: hbs.AST.Node, { source }: CompiledTemplate): string {
  const lines = source.split(/\r?\n/).slice(loc.start.line - 1, loc.end.line);
  if (lines.length !== 1) return '{{…}}';
  return lines[0].slice(loc.start.column, loc.end.column);
}

/** The place inside static text; what white space control removed in front still counts. */
function contentPlace(file: string, { loc, original, value }: hbs.AST.ContentStatement, at: number): string {
  // Its type is wrong: it is the text as it was written.
  const written = original as unknown as string;
  const before = written.slice(0, written.indexOf(value) + at).split('\n');
  const column = before.length === 1 ? loc.start.column + before[0].length : (before.at(-1) ?? '').length;
  return placeOf(file, { start: { line: loc.start.line + before.length - 1, column } });
}
