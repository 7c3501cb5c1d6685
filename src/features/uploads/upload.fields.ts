import { Injectable } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { FILE_KINDS, kindOfType } from '../../uploads/file-kinds.js';
import { readUploadFields, type Upload, type UploadField } from './upload.decorator.js';

/** The upload fields of all components, and what stands in them in one interaction. */
@Injectable()
export class UploadFields {
  private readonly fields = new Map<ComponentDefinition, ReadonlyMap<string, UploadField>>();
  /** Which interaction a file was handed out to. */
  private readonly interactions = new WeakMap<Upload, LiveContext>();

  /** @throws LiveSetupError `OPTION_INVALID` */
  add(definition: ComponentDefinition): void {
    const fields = readUploadFields(definition.type.prototype as object);
    if (fields.length > 0) {
      fields.forEach((field) => checkField(definition, field));
      this.fields.set(definition, new Map(fields.map((field) => [field.name, field])));
    }
  }

  get isEmpty(): boolean {
    return this.fields.size === 0;
  }

  has(definition: ComponentDefinition): boolean {
    return this.fields.has(definition);
  }

  of(definition: ComponentDefinition): readonly UploadField[] {
    return [...(this.fields.get(definition)?.values() ?? [])];
  }

  field(definition: ComponentDefinition, name: unknown): UploadField | undefined {
    return typeof name === 'string' ? this.fields.get(definition)?.get(name) : undefined;
  }

  /** Makes each field a list, and its files known as this interaction's own. */
  open(ctx: LiveContext): void {
    for (const { name } of this.of(ctx.definition)) {
      this.write(ctx, name, this.entries(ctx, name));
    }
  }

  entries({ component }: LiveContext, name: string): readonly Upload[] {
    const value = (component as Record<string, unknown>)[name];
    return Array.isArray(value) ? (value as Upload[]) : [];
  }

  all(ctx: LiveContext): readonly Upload[] {
    return this.of(ctx.definition).flatMap(({ name }) => this.entries(ctx, name));
  }

  write(ctx: LiveContext, name: string, entries: readonly Upload[]): void {
    entries.forEach((entry) => this.interactions.set(entry, ctx));
    (ctx.component as Record<string, unknown>)[name] = [...entries];
  }

  interactionOf(entry: Upload): LiveContext | undefined {
    return this.interactions.get(entry);
  }
}

/** @throws LiveSetupError */
const checkField = ({ type, state }: ComponentDefinition, { name, types, maxBytes, count }: UploadField): void => {
  const refuse = (what: string): LiveSetupError => new LiveSetupError('OPTION_INVALID', `${type.name}.${name} ${what}`);
  if (state.get(name)?.bind) {
    throw refuse('is an @Upload() and bound: a page could write files into it that it never sent. Remove bind.');
  }
  if (!Number.isSafeInteger(count) || count < 1 || !Number.isSafeInteger(maxBytes) || maxBytes < 1) {
    throw refuse(`takes ${count} files of ${maxBytes} bytes: write whole numbers from 1.`);
  }
  if (types.length === 0) {
    throw refuse("takes no type: list some, such as @Upload({ types: ['image/*', 'application/pdf'] }).");
  }
  const unknown = types.find((one) => !isKnown(one));
  if (unknown !== undefined) {
    const known = FILE_KINDS.map((one) => one.type).join(', ');
    throw refuse(
      `takes "${unknown}", which cannot be told by its bytes. Known are image/*, audio/*, video/*, text/*, ${known}.`,
    );
  }
};

const isKnown = (type: string): boolean =>
  type.endsWith('/*')
    ? FILE_KINDS.some((one) => one.type.startsWith(type.slice(0, -1)))
    : kindOfType(type)?.type === type;
