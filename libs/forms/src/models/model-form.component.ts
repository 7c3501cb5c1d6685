import type { Type } from '@nestjs/common';
import { Inject, Logger } from '@nestjs/common';
import {
  Computed,
  Live,
  LiveContext,
  LiveError,
  OnEvent,
  Payload,
  State,
  Temporary,
  type BeforeRender,
} from 'nest-live';
import { TEMPLATE_HELPERS } from 'nest-live/extend';

import type { Initial } from '../form.component.js';
import { SUBMITTING } from '../submit.decorator.js';
import { formHelpers } from '../template.helpers.js';
import { planted } from '../form.data.js';
import { asStored, changedValues, modelOf, withoutRowIds, type FormRelation } from './form.model.js';
import { choiceLabel, idsIn, idsOf, includes } from './model-choices.js';
import { NotUniqueError, RecordChangedError, RecordNotFoundError } from './model-errors.js';
import { ModelStore, type ModelWork } from './model-store.js';
import type { Model, ModelChoice, ModelEntity, ModelId, ModelRecord, ModelValues } from './model.js';
import { beside, fieldOf, VersionedForm, type FieldEvent } from './versioned-form.js';

const models = new WeakMap<object, Model>();
const logger = new Logger('Live');

/**
 * A form on a record. The record is the one that the props name, and a new one where they name none; it is filled from and
 * saved to the fields that the DTO declares, and no other. Whoever may not edit a record must not be given a form on it:
 * ask in a guard or before the page is rendered.
 */
export abstract class ModelFormComponent<Entity extends object, Dto extends object>
  extends VersionedForm<Dto>
  implements BeforeRender
{
  static override readonly [TEMPLATE_HELPERS] = { ...formHelpers, choiceLabel };
  static override readonly [SUBMITTING] = ['submit', 'keepMine'];

  /** Which record it is; null before a new one is saved. */
  @State() recordId: ModelId | null = null;
  /** It was saved, and nobody has entered anything else since: see `isSaved`. */
  @State() protected wasSaved = false;
  /** Somebody else has deleted it meanwhile. `keepMine` makes it anew. */
  @State() isGone = false;
  /** What may be chosen, by field, and what is chosen although it may not be any more. */
  @Temporary() choices: Record<string, readonly ModelChoice[]> = {};

  @Inject(ModelStore) protected readonly records: ModelStore;

  /** A class: records have fields of more kinds than a schema says. */
  protected abstract override readonly dto: Type<Dto>;

  /** What the store knows the records by: the entity class. */
  protected abstract readonly entity: ModelEntity;

  /** How fields that are relations are shown. @default the DTO declares none */
  protected readonly relations: Readonly<Record<string, FormRelation>> = {};

  /** Fields of the DTO that the entity has not: a repeated password, a consent. They are validated, never saved. */
  protected readonly unsaved: readonly string[] = [];

  /** What is said at a field whose value another record has, by field. @default `is taken` */
  protected readonly taken: Readonly<Record<string, string>> = {};

  /** Which record is edited: a sealed prop, so never what a page sends. @default the prop `id` */
  protected idOf(props: object): ModelId | null | undefined {
    return (props as { readonly id?: ModelId | null }).id;
  }

  /** What the form of a new record begins with. */
  protected blank(_props: object, _ctx: LiveContext): Initial<Dto> | Promise<Initial<Dto>> {
    return {};
  }

  /**
   * Before it is written, in the transaction: a throw undoes everything. Other rows that must be saved with it go by the
   * manager that it is given.
   * @param _transaction of the store: TypeORM's `EntityManager`
   * @returns what the server sets besides, declared or not: an owner, a total
   */
  protected beforeSave(_value: Dto, _transaction: unknown, _ctx: LiveContext): Added<Entity> | Promise<Added<Entity>> {
    return undefined;
  }

  /** It is saved: the place for a redirect or a broadcast. A throw is logged, because nothing can take the save back. */
  protected onSaved(_record: ModelRecord, _ctx: LiveContext): unknown {
    return undefined;
  }

  /**
   * What may be chosen in a field: the first of them to show, or those of `ids`. Ask a service here to offer others.
   * @param ids as a page has sent them: any text, any number
   */
  protected offered(field: string, ids?: readonly ModelId[]): Promise<readonly ModelChoice[]> {
    return this.records.choices(this.model, field, { ids });
  }

  /** The declared part of the entity. @throws LiveSetupError `MODEL_INVALID` */
  get model(): Model {
    const { entity, dto, relations, unsaved, constructor } = this;
    const known = models.get(constructor) ?? modelOf({ form: constructor.name, entity, dto, relations, unsaved });
    models.set(constructor, known);
    return known;
  }

  /** It stands in the store as it is shown. */
  @Computed()
  get isSaved(): boolean {
    return this.wasSaved && !this.hasChanges;
  }

  /** Saves what was entered, whatever the other one has done: decides one `field` of a conflict, or all and saves at once. */
  @OnEvent()
  async keepMine(@Payload() payload: FieldEvent, @Live() ctx: LiveContext): Promise<void> {
    const field = fieldOf(payload);
    if (field !== undefined) {
      this.settle(field);
      return;
    }
    if (this.isGone) {
      this.recordId = null;
      this.data = withoutRowIds(this.model, this.data);
    }
    if (this.conflict) {
      this.standOn(this.conflict.theirs, this.conflict.version);
    }
    await this.submit(undefined, ctx);
  }

  /** A new row at the end of a `rows` field. With the fields of the form beside it, these are entered first. */
  @OnEvent()
  addRow(@Payload() payload: FieldEvent, @Live() ctx: LiveContext): Promise<void> {
    return this.changeRows(payload, ctx, (rows) => [...rows, {}]);
  }

  /** The row with this `index` goes; it is deleted when the form is saved. */
  @OnEvent()
  removeRow(@Payload() payload: FieldEvent, @Live() ctx: LiveContext): Promise<void> {
    const index = String(payload?.index);
    return this.changeRows(payload, ctx, (rows) => rows.filter((_row, at) => String(at) !== index));
  }

  /** Whoever overrides it calls `super.beforeRender()` too. */
  async beforeRender(): Promise<unknown> {
    this.choices = {};
    for (const field of this.chosenFields) {
      const offered = await this.offered(field);
      const isMissing = (id: ModelId): boolean => !includes(offered, id);
      // What was stored may be called by its name. What a page has sent may be anything: it is offered, or has no name.
      const stored = idsOf(field, [this.loaded, this.conflict?.theirs]).filter(isMissing);
      const others = stored.length > 0 ? await this.records.labels(this.model, field, stored) : [];
      const known = [...offered, ...others];
      const entered = idsOf(field, [this.data]).filter((id) => !includes(known, id));
      const more = entered.length > 0 ? await this.offered(field, entered) : [];
      this.choices[field] = [...known, ...more.filter(({ id }) => entered.some((one) => String(one) === String(id)))];
    }
    return undefined;
  }

  protected override async initial(props: object, ctx: LiveContext): Promise<Initial<Dto>> {
    const id = this.idOf(props);
    if (id === undefined || id === null || id === '') {
      const blank = await this.blank(props, ctx);
      this.loaded = { ...blank };
      return blank;
    }
    const record = await this.records.find(this.model, id);
    if (!record) {
      throw new RecordNotFoundError(this.entity, id);
    }
    this.hold(record);
    return record.values as Initial<Dto>;
  }

  protected override async onSubmit(value: Dto, ctx: LiveContext): Promise<void> {
    if (!(await this.isOffered(value))) {
      return;
    }
    try {
      const id = await this.write(value, ctx);
      const record = await this.readSaved(id, value);
      if (!record) {
        throw new RecordNotFoundError(this.entity, id);
      }
      this.hold(record);
      this.reset(record.values as Initial<Dto>);
      this.valid = true;
      this.wasSaved = true;
      await this.tell(record, ctx);
    } catch (error) {
      this.refuse(error);
    }
  }

  /** It is saved, and to fail now would make a new record twice. Unread, it has no version: the next save compares it. */
  private async readSaved(id: ModelId, value: Dto): Promise<ModelRecord | null> {
    try {
      return await this.records.find(this.model, id);
    } catch (error) {
      logger.error(`${this.constructor.name} could not read its record again; it is saved`, error);
      return { id, version: '', values: asStored(this.model, this.dto, value) };
    }
  }

  private async write(value: Dto, ctx: LiveContext): Promise<ModelId> {
    const { recordId } = this;
    const work: ModelWork = {
      event: ctx,
      write: async (transaction) => {
        const read = planted(this.dto, value);
        const added = await this.beforeSave(value, transaction, ctx);
        const changes = { read, now: planted(this.dto, value), loaded: this.loaded, entered: this.data };
        const values = recordId === null ? value : changedValues(this.model, value as ModelValues, changes);
        return { values: values as ModelValues, added: added ?? undefined };
      },
    };
    if (recordId === null) return this.records.create(this.model, work);
    await this.records.save(this.model, { ...work, id: recordId, version: this.recordVersion });
    return recordId;
  }

  private async tell(record: ModelRecord, ctx: LiveContext): Promise<void> {
    try {
      await this.onSaved(record, ctx);
    } catch (error) {
      logger.error(`${this.constructor.name}.onSaved() failed; its record is saved`, error);
    }
  }

  /** What was chosen before may stay, whatever is offered now. */
  private async isOffered(value: Dto): Promise<boolean> {
    let isFine = true;
    for (const field of this.chosenFields) {
      const before = new Set(idsIn(this.loaded[field]).map(String));
      const fresh = idsIn((value as ModelValues)[field]).filter((id) => !before.has(String(id)));
      const offered = new Set(fresh.length > 0 ? (await this.offered(field, fresh)).map(({ id }) => String(id)) : []);
      if (fresh.some((id) => !offered.has(String(id)))) {
        this.addError(field, 'is not one of the choices');
        isFine = false;
      }
    }
    return isFine;
  }

  private refuse(error: unknown): void {
    if (error instanceof RecordChangedError) {
      this.compareWith(error.current);
    } else if (error instanceof RecordNotFoundError) {
      this.isGone = true;
      this.addError('', 'Somebody else has deleted this meanwhile.');
    } else if (error instanceof NotUniqueError) {
      error.taken.forEach((field) => this.addError(field, this.taken[field] ?? 'is taken'));
      if (error.taken.length === 0) {
        this.addError('', 'Another record has the same values.');
      }
    } else {
      throw error;
    }
  }

  private hold({ id, version, values }: ModelRecord): void {
    this.recordId = id;
    this.standOn({ ...values }, version);
    this.isGone = false;
  }

  private async changeRows(
    payload: FieldEvent,
    ctx: LiveContext,
    change: (rows: readonly unknown[]) => unknown[],
  ): Promise<void> {
    const field = fieldOf(payload) ?? '';
    if (!Object.hasOwn(this.model.relations, field) || this.model.relations[field]?.kind !== 'rows') {
      throw new LiveError('VALIDATION_FAILED', 'the field has no rows', { fields: { field: ['has no rows'] } });
    }
    await this.change(beside(payload), ctx);
    const rows = this.data[field];
    this.data = { ...this.data, [field]: change(Array.isArray(rows) ? (rows as unknown[]) : []) };
    // What was said of a row by its number would be said of another one now.
    this.touched = this.touched.filter((name) => !name.startsWith(`${field}.`));
    this.objections = Object.fromEntries(
      Object.entries(this.objections).filter(([name]) => !name.startsWith(`${field}.`)),
    );
    await this.change(undefined, ctx);
  }

  protected override get declared(): readonly string[] {
    return [...this.model.fields, ...Object.keys(this.model.relations)];
  }

  private get chosenFields(): readonly string[] {
    return Object.entries(this.model.relations).flatMap(([field, { kind }]) => (kind === 'rows' ? [] : [field]));
  }
}

/** What the server itself sets. */
export type Added<Entity> = { readonly [Name in keyof Entity]?: unknown } | undefined | void;
