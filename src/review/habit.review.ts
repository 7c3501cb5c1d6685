import type { ComponentDefinition } from '../component/definition.js';
import { attributeOf, callsEvent, foreignEventOf } from './known-attributes.js';
import type { WrittenAttribute } from './written-attributes.js';

const CALL = /^([\w$]+)\s*\((.*)\)\s*;?$/s;
const CONTROLS = new Set(['input', 'select', 'textarea']);

/** What is written as it is written elsewhere: known there, and nothing here. */
export function* reviewHabits(attribute: WrittenAttribute): Generator<string> {
  const { name, tag, siblings } = attribute;
  const base = attributeOf(name);
  if (callsEvent(name)) {
    yield* calls(attribute);
  }
  if (base === 'live-click' && tag === 'form') {
    yield `${name} stands on a <form>, where each click in it counts, and Enter does not. Did you mean live-submit?`;
  }
  if (base === 'live-model' && !CONTROLS.has(tag) && !tag.includes('-')) {
    yield `${name} stands on <${tag}>, into which nobody enters anything: only <input>, <select> and <textarea> have models.`;
  }
  if (/^live-(?:payload$|value-)/.test(name) && !Object.keys(siblings).some(sends)) {
    yield `${name} stands on an element that sends nothing: it belongs beside the live-click or live-submit it goes with.`;
  }
}

/** Of another library, and named as a handler of ours. */
export function* reviewForeign({ name, value }: WrittenAttribute, owner?: ComponentDefinition): Generator<string> {
  const type = foreignEventOf(name) ?? '';
  const event = CALL.exec(value.trim())?.[1] ?? value.trim();
  if (owner?.events.has(event)) {
    yield `${name} is not heard by the client, so nothing calls ${owner.type.name}.${event}(). Did you mean live-${type.toLowerCase()}="${event}"?`;
  }
}

function* calls({ name, value, isDynamic }: WrittenAttribute): Generator<string> {
  const event = value.trim();
  if (event === '') {
    yield `${name} names no handler: write ${name}="…" with the name of one.`;
  }
  const [, called, given] = (isDynamic ? undefined : CALL.exec(event)) ?? [];
  if (called !== undefined) {
    const sent = given?.trim() ? ` What it is given goes into live-payload='{ … }'.` : '';
    yield `${name}="${event}" is a call, and a name is wanted: ${name}="${called}".${sent}`;
  }
}

/** Whether an attribute makes its element send something. */
const sends = (name: string): boolean =>
  callsEvent(name) || name.includes('\ue000') || /^live-(?:drop|upload)/.test(name);
