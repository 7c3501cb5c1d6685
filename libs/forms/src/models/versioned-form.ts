import { Computed, OnEvent, Payload, State } from 'nest-live';

import { FormComponent, type Initial } from '../form.component.js';
import type { FormData } from '../form.data.js';
import { compareVersions, isSame, type ModelConflict } from './model-conflict.js';
import type { ModelRecord } from './model.js';

/** A form on something that others change too: it knows what it was filled with, and what became of that meanwhile. */
export abstract class VersionedForm<Dto extends object> extends FormComponent<Dto> {
  /** The version that the form was filled with. */
  @State() protected recordVersion = '';
  /** What the record held then. */
  @State() protected loaded: FormData = {};
  /** Somebody else has saved it meanwhile; null when nobody has. */
  @State() conflict: ModelConflict | null = null;

  /** Fields that are compared. */
  protected abstract get declared(): readonly string[];

  /** Something was entered that is not saved. */
  @Computed()
  get hasChanges(): boolean {
    return this.declared.some((name) => !isSame(this.loaded[name], this.data[name]));
  }

  /** Gives up what was entered for what is stored: in one `field` of a conflict, or in all. */
  @OnEvent()
  takeTheirs(@Payload() payload: FieldEvent): void {
    const field = fieldOf(payload);
    if (!this.conflict) {
      return;
    }
    const { theirs, fields, version } = this.conflict;
    if (field === undefined) {
      this.standOn(theirs, version);
      this.reset(theirs as Initial<Dto>);
    } else if (fields.some(({ name }) => name === field)) {
      this.data = { ...this.data, [field]: theirs[field] };
      this.settle(field);
    }
  }

  protected override isUntouched(name: string): boolean {
    const field = name.split('.', 1)[0] ?? name;
    return this.recordVersion !== '' && isSame(this.loaded[field], this.data[field]);
  }

  /** The form stands on this version, and there is no other one. */
  protected standOn(loaded: FormData, version: string): void {
    this.loaded = loaded;
    this.recordVersion = version;
    this.conflict = null;
  }

  /** Shows the version that somebody else has saved beside what was entered. Fields that nobody has touched are theirs now. */
  protected compareWith({ values, version }: ModelRecord): void {
    const theirs: FormData = { ...values };
    const compared = compareVersions(this.declared, { was: this.loaded, mine: this.data, theirs });
    this.conflict = { ...compared, theirs, version };
    for (const { name } of compared.updated) {
      this.data = { ...this.data, [name]: theirs[name] };
    }
    this.addError('', 'Somebody else has changed this meanwhile.');
    this.standOnTheirsWhenDecided();
  }

  /** One field of a conflict is decided. */
  protected settle(name: string): void {
    if (this.conflict) {
      this.conflict = { ...this.conflict, fields: this.conflict.fields.filter((field) => field.name !== name) };
      this.standOnTheirsWhenDecided();
    }
  }

  /** The comparison stays in sight until the form is saved. */
  private standOnTheirsWhenDecided(): void {
    if (this.conflict?.fields.length === 0) {
      this.loaded = this.conflict.theirs;
      this.recordVersion = this.conflict.version;
    }
  }
}

/** Which field, and which of its rows; the fields of the form may stand beside it. */
export type FieldEvent = { readonly field?: unknown; readonly index?: unknown } | null | undefined;

/** The field that an event is about, where it names one. */
export const fieldOf = (payload: FieldEvent): string | undefined =>
  typeof payload?.field === 'string' ? payload.field : undefined;

/** The fields of the form, where there are any: without them nothing was entered. */
export const beside = (payload: FieldEvent): object | undefined => {
  const { field: _field, index: _index, ...fields } = (payload ?? {}) as Record<string, unknown>;
  return Object.keys(fields).length > 0 ? fields : undefined;
};
