import type { Type } from '@nestjs/common';
import {
  Live,
  Computed,
  LiveContext,
  LiveError,
  OnEvent,
  Payload,
  State,
  type ComponentDefinition,
  type StandardSchema,
} from 'nest-live';
import {
  BEFORE_MOUNT,
  ON_DEFINE,
  refuseFields,
  requireRules,
  TAKES_ZONES,
  TEMPLATE_HELPERS,
  UTC_ZONES,
  type Zones,
} from 'nest-live/extend';

import { readForm, type FieldErrors, type ReadForm } from './dto.reader.js';
import { clocksOf, type Clocks } from './dto.shape.js';
import { changedNames, planted, shaped, valueAt, withValue, type FormData } from './form.data.js';
import { decodeForm, isBranch, type Entered } from './form.decoder.js';
import { declares, fieldAt } from './form.entry.js';
import { checkFormClass } from './form.definition.js';
import { overlaps, pathOf, plainName } from './form.names.js';
import { SUBMITTING } from './submit.decorator.js';
import { formHelpers } from './template.helpers.js';

/**
 * A form whose schema is a class-validator DTO. What was entered, and what is wrong with it, is state: both survive every
 * other event. `onSubmit()` is called with a validated DTO or not at all, whatever way the event has come.
 */
export abstract class FormComponent<Dto extends object> {
  static readonly [TEMPLATE_HELPERS] = formHelpers;
  static readonly [SUBMITTING]: readonly string[] = ['submit'];
  static readonly [TAKES_ZONES] = true;

  /** @throws LiveSetupError `FORM_INVALID` */
  static async [ON_DEFINE](definition: ComponentDefinition, sample?: object): Promise<void> {
    checkFormClass(definition, FormComponent.prototype, ['submit', 'change']);
    const { dto } = (sample ?? {}) as { readonly dto?: unknown };
    if (dto !== undefined) {
      await requireRules(dto, `the dto of ${definition.type.name}`);
    }
  }

  /** Which zones its times are in. */
  [TAKES_ZONES]: Zones = UTC_ZONES;

  /** What was entered, as it was entered, in the shape of the DTO; before that, what `initial()` has given. */
  @State() data: FormData = {};
  /** Somebody has tried to submit it: from then on every field shows what is wrong with it. */
  @State() submitted = false;
  /** Nothing was wrong with any field when the data was last looked at. */
  @State() valid = false;
  /** What is wrong, by field (`items.0.price`): of all fields after a submit, before that of those that were touched. */
  @State() fieldErrors: FieldErrors = {};
  /** Fields in which somebody has entered something else. */
  @State() touched: string[] = [];
  /** What `onSubmit()` has found wrong. It holds until its field is changed or the form is submitted again. */
  @State() protected objections: FieldErrors = {};

  /** The class, or the Standard Schema, that says which fields there are, what they become, and what is right. */
  protected abstract readonly dto: Type<Dto> | StandardSchema<Dto>;

  /** Validation groups that are asked. @default every validator, whatever its group */
  protected readonly groups?: readonly string[];

  /**
   * What the form holds at first; fields that are left out are empty. Called at mount, before `onMount()`.
   * @param _props the props, validated where the component has a class for them
   */
  protected initial(_props: object, _ctx: LiveContext): Initial<Dto> | Promise<Initial<Dto>> {
    return {};
  }

  /** Takes what was entered, once nothing is wrong with it. `addError()` refuses it after all. */
  protected abstract onSubmit(value: Dto, ctx: LiveContext): unknown;

  /** Something else was entered than before. @param _names the fields, as in `items.0.price` */
  protected onChange(_names: readonly string[], _ctx: LiveContext): unknown {
    return undefined;
  }

  /** By which clocks its fields are shown: for `{{field}}` and `{{value}}`. */
  @Computed()
  get clocks(): Clocks {
    return clocksOf(this.dto, this[TAKES_ZONES]);
  }

  /** The event of the form: its fields, flat or nested. Without any payload, what was entered before is submitted. */
  @OnEvent()
  async submit(@Payload() payload: unknown, @Live() ctx: LiveContext): Promise<void> {
    if (payload !== undefined && payload !== null) {
      this.data = this.entered(payload);
    }
    this.submitted = true;
    this.objections = {};
    const { value, errors } = await this.read();
    this.judge(errors);
    if (this.valid) {
      await this.take(value, ctx);
    }
    ctx.valid = Object.keys(this.fieldErrors).length === 0;
  }

  /** Something was entered: the whole form, or one field as `{ name, value }`. */
  @OnEvent()
  async change(@Payload() payload: unknown, @Live() ctx: LiveContext): Promise<void> {
    const before = this.data;
    this.data = this.changed(payload);
    const names = changedNames(before, this.data);
    this.touched = [...new Set([...this.touched, ...names])];
    const isKept = ([name]: readonly [string, unknown]): boolean =>
      !names.some((changed) => overlaps(`${this.place}${changed}`, name));
    this.objections = Object.fromEntries(Object.entries(this.objections).filter(isKept));
    if (names.length > 0) {
      await this.onChange(names, ctx);
    }
    await this.check();
  }

  /** For events of your own that write fields: looks at the whole form again, and shows what is to be shown by now. */
  protected async check(): Promise<void> {
    this.judge((await this.read()).errors);
  }

  /** What a field holds. @param name as in a control: `address.city`, `items[0][price]` */
  value(name: string): unknown {
    return valueAt(this.data, pathOf(name));
  }

  /** Writes a field; what is wrong with it is found by `check()`, or at the next `change` or `submit`. */
  setValue(name: string, value: unknown): void {
    this.data = withValue(this.data, pathOf(name), value) as FormData;
  }

  /** What is wrong with a field, as its template shows it. */
  errorsOf(name: string): readonly string[] {
    const plain = plainName(name);
    return Object.hasOwn(this.fieldErrors, plain) ? (this.fieldErrors[plain] ?? []) : [];
  }

  hasFieldError(name: string): boolean {
    return this.errorsOf(name).length > 0;
  }

  /**
   * For `onSubmit()`: what was entered is refused after all. The message stays until the field is changed.
   * @param name of the field; `''` for the form as a whole, until it is submitted again
   */
  protected addError(name: string, message: string): void {
    const plain = plainName(name);
    this.objections = { ...this.objections, [plain]: [...(this.objections[plain] ?? []), message] };
    const shown = this.ownName(plain);
    if (shown !== undefined) {
      this.fieldErrors = { ...this.fieldErrors, [shown]: [...this.errorsOf(shown), message] };
    }
    this.valid = false;
  }

  /** Begins anew, empty or with these values. */
  protected reset(data: Initial<Dto> = {}): void {
    this.data = planted(this.dto, data);
    this.submitted = false;
    this.valid = false;
    this.fieldErrors = {};
    this.objections = {};
    this.touched = [];
  }

  async [BEFORE_MOUNT](props: object, ctx: LiveContext): Promise<void> {
    this.data = planted(this.dto, await this.initial(props, ctx));
  }

  /** What stands in front of this form's names where it is a part of another. */
  protected get place(): string {
    return '';
  }

  /** How the fields of this form are called in it; what is wrong with the whole belongs to every part. */
  private ownName(name: string): string | undefined {
    if (name === '') {
      return name;
    }
    return name.startsWith(this.place) ? name.slice(this.place.length) : undefined;
  }

  /** The data as the DTO, and everything that is wrong with it. */
  protected async read(): Promise<ReadForm<Dto>> {
    const read = await readForm(this.dto, this.data, { groups: this.groups, zones: this[TAKES_ZONES] });
    const lost = [...read.inexact].filter((name) => !this.isUntouched(name));
    const errors = Object.fromEntries(lost.map((name) => [name, ['has more digits than can be kept']]));
    return { ...read, errors: { ...read.errors, ...errors } };
  }

  /** Whether a field still holds what is stored, so that nobody will write it. @param _name plain: `items.0.price` */
  protected isUntouched(_name: string): boolean {
    return false;
  }

  /** What was entered, in the shape of the DTO. @throws LiveError `VALIDATION_FAILED` for what are no fields */
  protected entered(payload: unknown): FormData {
    return shaped(this.dto, fieldsOf(payload), this.data, this[TAKES_ZONES]);
  }

  private changed(payload: unknown): FormData {
    if (payload === undefined || payload === null) {
      return this.data;
    }
    if (!isSingle(payload)) {
      return this.entered(payload);
    }
    const { name, value } = payload as { readonly name: string; readonly value: unknown };
    const field = fieldAt(this.dto, pathOf(name));
    if (field === undefined) {
      // Another control of the page, unless these are two fields of the form itself.
      return ['name', 'value'].every((own) => declares(this.dto, [own])) ? this.entered(payload) : this.data;
    }
    // A box of a group says that it was checked, and not which one it is.
    if (field.isList && typeof value === 'boolean') {
      return this.data;
    }
    // One value comes alone: the fields beside it keep what they hold, boxes too.
    const sent = withValue(this.data, pathOf(name), value) as Entered;
    return shaped(this.dto, sent, this.data, this[TAKES_ZONES]);
  }

  /** Shows what is wrong, as far as it is to be shown by now. */
  protected judge(errors: FieldErrors): void {
    const all = { ...errors };
    for (const [name, messages] of Object.entries(this.objections)) {
      const own = this.ownName(name);
      if (own !== undefined) {
        all[own] = [...(all[own] ?? []), ...messages];
      }
    }
    this.valid = Object.keys(all).length === 0;
    const isShown = (name: string): boolean =>
      this.submitted || name === '' || this.touched.some((one) => overlaps(one, name));
    this.fieldErrors = Object.fromEntries(Object.entries(all).filter(([name]) => isShown(name)));
  }

  /** Hands over what holds; a service that refuses by field says it as the form's own rules do. */
  protected async take(value: Dto, ctx: LiveContext): Promise<void> {
    try {
      await this.onSubmit(value, ctx);
    } catch (error) {
      const { fields = {} } = error instanceof LiveError && error.code === 'VALIDATION_FAILED' ? error.details : {};
      // A refusal that names no field must not pass for a success.
      if (Object.values(fields).flat().length === 0) {
        throw error;
      }
      for (const [name, messages] of Object.entries(fields)) {
        messages.forEach((message) => this.addError(name, message));
      }
    }
  }
}

/** What a form may hold at first: values of the DTO, or texts in their place. */
export type Initial<Dto> = { readonly [Name in keyof Dto]?: InitialValue<Dto[Name]> };

type InitialValue<Value> = Value extends Date | OfTemporal
  ? Value | string
  : Value extends readonly (infer Item)[]
    ? readonly InitialValue<Item>[]
    : Value extends object
      ? Initial<Value>
      : Value | string | null;

interface OfTemporal {
  readonly [Symbol.toStringTag]: `Temporal.${string}`;
}

const fieldsOf = (payload: unknown): Entered => {
  if (!isBranch(payload)) {
    throw refuseFields({ '': ['must be an object'] }, 'the fields of a form are an object');
  }
  return decodeForm(payload);
};

/** What a control sends by itself, rather than with its form. */
const isSingle = (payload: unknown): boolean => {
  if (!isBranch(payload) || typeof payload.name !== 'string' || !('value' in payload)) {
    return false;
  }
  return Object.keys(payload).every((name) => name === 'name' || name === 'value' || name === 'key');
};
