import { ruleOf } from './attribute-rules.js';
import type { Guard } from './guard-block.js';
import type { HolePlace } from './markup-state.js';
import { isPath, nodesOf } from './template-nodes.js';

/** What is wrong with a value at its place, and what to do; `undefined` when nothing is. */
export interface Objection {
  readonly what: string;
  readonly fix: string;
}

/** Helpers that print HTML. */
const PRINT_HTML = new Set(['safeHtml', 'component']);
/** Helpers that answer with a value: as a block, Handlebars would print it unescaped. */
const ANSWER_VALUES = new Set(['lookup', 'url', 'json', 'safeHtml', 'safeCode', 'log']);
/** Helpers whose answer is never HTML. */
const PRINT_TEXT = new Set(['lookup', 'url', 'json', 'safeCode', 'log']);
/** Names that hold HTML of the framework. */
const HOLD_HTML: ReadonlySet<string> = new Set(['slots', 'liveFields']);

const FIELD_FIX = 'Put it into a quoted attribute or an element, where it is escaped.';

/** Judges `{{x}}` by the place it stands in. */
export function objectionTo(node: hbs.AST.MustacheStatement, place: HolePlace): Objection | undefined {
  const helper = helperOf(node);
  if (!node.escaped && !(helper === 'safeHtml' && place.kind === 'text')) return UNESCAPED;
  if (place.kind !== 'text' && printsHtml(node, helper)) {
    return { what: `prints HTML into ${nameOf(place)}`, fix: 'HTML can only stand where an element can.' };
  }
  return objectionToPlace(place, helper);
}

/** Judges `{{#x}}` by the helper it calls. */
export function objectionToBlock(node: hbs.AST.BlockStatement, place: HolePlace): Objection | undefined {
  const path = isPath(node.path) ? node.path : undefined;
  // Handlebars knows its own helpers by the first part of a path, wherever the path leads.
  const helper = OWN_OF_HANDLEBARS.has(path?.parts[0] ?? '') ? path?.parts[0] : path?.original;
  if (helper !== undefined && ANSWER_VALUES.has(helper)) {
    return { what: `prints ${helper} without escaping`, fix: `Write {{${helper} …}}, or {{#if}} around a field.` };
  }
  const name = [node.program, node.inverse]
    .flatMap((program) => (program as hbs.AST.Program | undefined)?.blockParams ?? [])
    .find((param) => ANSWER_VALUES.has(param) || PRINT_HTML.has(param));
  if (name !== undefined) return { what: `gives the name of the helper ${name} to a value`, fix: 'Choose another.' };
  if (helper !== 'component' && helper !== 'slot') return undefined;
  if (place.kind !== 'text') return { what: `puts a ${helper} into ${nameOf(place)}`, fix: MOVE };
  return node.params.length > 0 ? undefined : { what: 'names no component', fix: "Write {{#component 'name'}}." };
}

const OWN_OF_HANDLEBARS = new Set(['lookup', 'log']);
const MOVE = 'Move it where an element can stand.';

interface Known {
  isHelper(name: string): boolean;
  /** HTML of the framework may stand behind any name. */
  readonly htmlTravels: boolean;
}

/** How the value is to be judged when it is rendered, if it is. */
export function guardFor(node: hbs.AST.MustacheStatement, place: HolePlace, known: Known): Guard | undefined {
  if (place.kind === 'text' || place.kind === 'raw') return undefined;
  if (place.kind === 'quoted' && place.attribute === 'style') return 'style';
  if (place.kind === 'quoted' && ruleOf(place) === 'word') return 'word';
  const helper = helperOf(node) ?? (isPath(node.path) ? node.path.original : '');
  const called = node.params.length > 0 || known.isHelper(helper);
  return known.htmlTravels || (called && !PRINT_TEXT.has(helper)) ? 'plain' : undefined;
}

/** Whether HTML of the framework is used otherwise than to print it or to ask whether it is there. */
export function htmlTravels(ast: hbs.AST.Program): boolean {
  const nodes = nodesOf(ast);
  const paths = nodes.filter(isPath).filter(({ parts }) => parts.some((part) => HOLD_HTML.has(part)));
  if (paths.length === 0) return false;
  const plain = new Set<hbs.AST.Node>();
  for (const node of nodes) {
    if (node.type === 'MustacheStatement') plain.add((node as hbs.AST.MustacheStatement).path);
    if (node.type !== 'BlockStatement') continue;
    const { path, params } = node as hbs.AST.BlockStatement;
    if (isPath(path) && ASK.has(path.original)) params.forEach((param) => plain.add(param));
  }
  return paths.some((path) => !plain.has(path));
}

const ASK = new Set(['if', 'unless']);

const UNESCAPED: Objection = {
  what: 'prints without escaping',
  fix: 'Write {{x}} for text; clean HTML with a sanitizer, brand it with trustHtml() and write {{safeHtml x}}.',
};

function objectionToPlace(place: HolePlace, helper: string | undefined): Objection | undefined {
  const what = `puts data into ${nameOf(place)}`;
  switch (place.kind) {
    case 'text':
    case 'literal':
    case 'comment':
      return undefined;
    case 'raw':
      if (place.json && helper === 'json') return undefined;
      return { what, fix: place.tag === 'script' ? SCRIPT_FIX : 'Choose a class, or set style="--name: {{x}}".' };
    case 'unquoted':
      return { what, fix: 'Put quotes around the whole value.' };
    case 'quoted':
      return objectionToAttribute(place, helper);
    default:
      return { what, fix: `Write the name out, in {{#if}} when it depends on data. ${FIELD_FIX}` };
  }
}

const SCRIPT_FIX =
  'Write <script type="application/json">{{json x}}</script> and read that, or put it into a data- attribute.';

type QuotedPlace = Extract<HolePlace, { kind: 'quoted' }>;

function objectionToAttribute(place: QuotedPlace, helper: string | undefined): Objection | undefined {
  const { attribute, quote } = place;
  const what = `puts data into ${nameOf(place)}`;
  if (attribute === 'style') return objectionToStyle(place, what);
  const rule = ruleOf(place);
  const isSaid = helper === 'safeCode';
  if (rule === 'code' && !isSaid) return { what, fix: fixOf(place) };
  if (rule === 'json' && !isSaid && (helper !== 'json' || RUN_AS_CODE.test(place.written))) {
    return { what, fix: `Write ${attribute}='{"name": {{json x}} }', or ${attribute}='{{json x}}' for all of it.` };
  }
  if (helper !== 'json' || quote === "'") return undefined;
  return {
    what: `puts JSON into ${nameOf(place)} in double quotes`,
    fix: `JSON has such quotes: write ${attribute}='{{json x}}'.`,
  };
}

const RUN_AS_CODE = /^\s*(?:js|javascript):/i;

const SAY_SO = 'Write it out, or declare the value with trustCode() and write {{safeCode x}}.';

function fixOf({ attribute, tag }: QuotedPlace): string {
  if (attribute === 'srcdoc') return 'Its value is a whole page. Use src.';
  if (attribute.startsWith('live-')) return `It names what the component has. ${SAY_SO}`;
  if (['script', 'base', 'link', 'meta', 'iframe'].includes(tag)) return `It decides what the page loads. ${SAY_SO}`;
  if (/href$|^(?:to|from|by|values|attributename)$/.test(attribute))
    return `In SVG it can load or become more. ${SAY_SO}`;
  return `It is a script. Use live-click or another binding, and live-value-name="{{x}}" for data. ${SAY_SO}`;
}

/** A value may follow the name of a property, and may not choose what is loaded. */
function objectionToStyle({ written }: QuotedPlace, what: string): Objection | undefined {
  const declaration = written.slice(written.lastIndexOf(';') + 1);
  if (!declaration.includes(':')) {
    return { what, fix: 'Write the property out: style="color: {{x}}". Or choose a class.' };
  }
  if (!/\((?!.*\))/.test(declaration)) return undefined;
  return { what: `${what}, inside of (…)`, fix: 'Give the whole of it as the value, or use <img src="{{x}}">.' };
}

export function nameOf(place: HolePlace): string {
  if (place.kind === 'raw') return `<${place.tag}>`;
  if (place.kind === 'quoted') return `the attribute ${place.attribute}`;
  if (place.kind === 'unquoted') return 'an attribute value without quotes';
  if (place.kind === 'declaration') return 'a markup declaration';
  return /^[aeiou]/.test(place.kind) ? `an ${place.kind}` : `a ${place.kind}`;
}

/** The helper a mustache calls; without arguments the name means a field. */
export function helperOf({
  path,
  params,
  hash,
}: hbs.AST.MustacheStatement | hbs.AST.BlockStatement): string | undefined {
  const called = params.length > 0 || (hash as hbs.AST.Hash | undefined) !== undefined;
  return called && isPath(path) ? path.original : undefined;
}

function printsHtml({ path }: hbs.AST.MustacheStatement, helper: string | undefined): boolean {
  if (helper !== undefined && PRINT_HTML.has(helper)) return true;
  if (!isPath(path)) return false;
  return path.original === 'liveScripts' || (helper === undefined && HOLD_HTML.has(path.parts[0] ?? ''));
}
