import { randomBytes } from 'node:crypto';

import { Injectable } from '@nestjs/common';

import type { ComponentDefinition } from '../../component/definition.js';
import { LiveError } from '../../errors/live-error.js';
import type { ArrivingFile, AskedEvent, FormFile, FormFiles } from '../../lifecycle/context/form-files.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { UploadFields } from './upload.fields.js';
import { UploadReceiver } from './upload.receiver.js';

/** Files that come inside a form, from a browser that runs no script: by the same rules as all others. */
@Injectable()
export class UploadForms implements FormFiles {
  /** What has arrived and belongs to no saved event yet. */
  private readonly pending = new Set<string>();
  private readonly inFields = new WeakSet<LiveContext>();

  constructor(
    private readonly fields: UploadFields,
    private readonly receiver: UploadReceiver,
  ) {}

  room(definition: ComponentDefinition): { readonly files: number; readonly bytes: number } | undefined {
    if (!this.fields.has(definition)) {
      return undefined;
    }
    const all = this.fields.of(definition);
    return {
      files: all.reduce((sum, { count }) => sum + count, 0),
      bytes: all.reduce((sum, { count, maxBytes }) => sum + count * maxBytes, 0),
    };
  }

  before(definition: ComponentDefinition, { field, name, type }: FormFile): AskedEvent | undefined {
    return this.fields.field(definition, field)
      ? { event: '$upload', payload: { field, files: [{ name, type }] } }
      : undefined;
  }

  async take({ file, definition, index, most, ...arriving }: ArrivingFile): Promise<string> {
    const { caller, instance, body, signal } = arriving;
    const field = this.fields.field(definition, file.field);
    if (!field || index >= field.count) {
      throw new LiveError('UPLOAD_QUOTA', `"${file.field}" takes ${field?.count ?? 0} files`);
    }
    // Nobody has said how large it is: it counts as what it can be at most, until it is here.
    const size = Math.min(field.maxBytes, most);
    const eventKey = randomBytes(18).toString('base64url');
    const destination = { caller, instance, component: definition.name, field, eventKey };
    const ticket = await this.receiver.announce(destination, { ...file, size }, index);
    if ('code' in ticket) {
      throw new LiveError(ticket.code, `"${file.field}" does not take this file`);
    }
    const { id, token } = ticket;
    this.pending.add(id);
    try {
      await this.receiver.receive(token, caller, { offset: 0, body, signal, isOpenEnded: true });
    } catch (error) {
      // Nobody goes on with it: a form is sent as a whole.
      await this.settle([id]);
      throw error;
    }
    return id;
  }

  after(field: string, ids: readonly string[]): AskedEvent {
    return { event: '$uploaded', payload: { field, ids } };
  }

  async settle(ids: readonly string[]): Promise<void> {
    const unused = ids.filter((id) => this.pending.delete(id));
    await this.receiver.discard(unused);
  }

  /** For the feature: the files of the form stand in their fields. */
  entered(ctx: LiveContext): void {
    this.inFields.add(ctx);
  }

  /** For the feature: they are the state's now. */
  saved(ctx: LiveContext): void {
    if (this.inFields.has(ctx)) {
      [...(ctx.files?.values() ?? [])].flat().forEach((id) => this.pending.delete(id));
    }
  }
}
