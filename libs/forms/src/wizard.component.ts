import type { Type } from '@nestjs/common';
import { Computed, Live, LiveContext, OnEvent, Payload, State, type ComponentDefinition } from 'nest-live';
import { BEFORE_MOUNT, ON_DEFINE, refuseFields, TAKES_ZONES, TEMPLATE_HELPERS } from 'nest-live/extend';

import { readForm, type FieldErrors, type ReadForm } from './dto.reader.js';
import { clocksOf, type Clocks } from './dto.shape.js';
import { FormComponent, type Initial } from './form.component.js';
import { planted, type FormData } from './form.data.js';
import { isBranch } from './form.decoder.js';
import { checkFormClass } from './form.definition.js';
import { SUBMITTING } from './submit.decorator.js';
import { wizardHelpers } from './template.helpers.js';
import { told } from './wizard.command.js';

/** One step of a wizard, as a template lists it. */
export interface WizardStep {
  readonly name: string;
  /** From 1. */
  readonly number: number;
  readonly isCurrent: boolean;
  /** Somebody has been there: `goTo` leads there. */
  readonly isReached: boolean;
}

/** Name of the step in which all that was entered is shown. */
const REVIEW = 'review';

/**
 * A form in several steps, each with a DTO of its own. What was entered in one step is kept while others are shown;
 * `onSubmit()` is called when every step holds, looked at again in that very event.
 */
export abstract class WizardComponent<Steps extends object> extends FormComponent<Steps> {
  static override readonly [TEMPLATE_HELPERS] = wizardHelpers;
  static override readonly [SUBMITTING] = ['submit', 'next'];

  /** @throws LiveSetupError `FORM_INVALID` */
  static override async [ON_DEFINE](definition: ComponentDefinition): Promise<void> {
    checkFormClass(definition, WizardComponent.prototype, ['submit', 'change', 'next', 'back', 'goTo']);
  }

  /** Name of the step that is shown; `review` behind the last one. */
  @State() step = '';
  /** What was entered, by step. That of the step that is shown is in `data` until it is left. */
  @State() answers: Record<string, FormData> = {};
  /** How many steps somebody has been to. */
  @State() reached = 1;
  /** Steps that somebody has tried to go on from: they show everything that is wrong with them. */
  @State() protected tried: string[] = [];

  /** The DTO of each step, in their order. */
  protected abstract readonly steps: { readonly [Name in keyof Steps]: Type<Steps[Name]> };

  /** Whether all that was entered is shown before it is submitted. @default true */
  protected readonly hasReview: boolean = true;

  @Computed()
  get progress(): readonly WizardStep[] {
    return this.names.map((name, place) => ({
      name,
      number: place + 1,
      isCurrent: name === this.step,
      isReached: place < this.reached,
    }));
  }

  /** Of the step that is shown by their names in it, of all steps by the names that answers have. */
  @Computed()
  override get clocks(): Clocks {
    const zones = this[TAKES_ZONES];
    const all = this.names.flatMap((step) =>
      Object.entries(clocksOf(this.typeOf(step), zones)).map(([name, clock]) => [`${step}.${name}`, clock] as const),
    );
    return { ...Object.fromEntries(all), ...clocksOf(this.dto, zones) };
  }

  @Computed()
  get isReview(): boolean {
    return this.step === REVIEW && !this.isStep(REVIEW);
  }

  @Computed()
  get isFirst(): boolean {
    return this.step === this.names[0];
  }

  @Computed()
  get isLast(): boolean {
    return this.step === this.names.at(-1);
  }

  /** Goes on when nothing is wrong with this step. */
  @OnEvent()
  next(@Payload() payload: unknown, @Live() ctx: LiveContext): Promise<void> {
    return this.walk({ payload, way: 'next' }, ctx);
  }

  /** Goes one step back, and keeps what was entered, whether it holds or not. */
  @OnEvent()
  back(@Payload() payload: unknown, @Live() ctx: LiveContext): Promise<void> {
    return this.walk({ payload, way: 'back' }, ctx);
  }

  /** Goes to a step that was reached before: `{ step: 'contact' }`. @throws LiveError `VALIDATION_FAILED` for another one */
  @OnEvent()
  goTo(@Payload() payload: unknown, @Live() ctx: LiveContext): Promise<void> {
    const { step, ...fields } = isBranch(payload) ? payload : {};
    return this.walk({ payload: fields, way: 'step', to: String(step) }, ctx);
  }

  /** Looks at every step again; the first one that does not hold is shown. */
  @OnEvent()
  override submit(@Payload() payload: unknown, @Live() ctx: LiveContext): Promise<void> {
    return this.walk({ payload, way: 'submit' }, ctx);
  }

  override async [BEFORE_MOUNT](props: object, ctx: LiveContext): Promise<void> {
    this.begin(await this.initial(props, ctx));
  }

  protected get dto(): Type<Steps> {
    return (this.isReview ? Nothing : this.typeOf(this.step)) as Type<Steps>;
  }

  protected override get place(): string {
    return `${this.step}.`;
  }

  protected override read(): Promise<ReadForm<Steps>> {
    return this.isReview ? Promise.resolve({ value: {} as Steps, errors: {}, inexact: new Set() }) : super.read();
  }

  /** Begins anew at the first step. */
  protected override reset(data: Initial<Steps> = {}): void {
    super.reset();
    this.begin(data);
  }

  /**
   * For a class whose step stands in the address or comes from elsewhere: shows a step that was reached before, as `goTo`
   * does. @returns false, and nothing changes, for any other one
   */
  protected async showReached(step: string): Promise<boolean> {
    if (!this.order.slice(0, this.reached).includes(step)) {
      return false;
    }
    this.keep(undefined, 'step');
    await this.show(step);
    return true;
  }

  private begin(initial: Initial<Steps>): void {
    const given = Object.entries(initial as Readonly<Record<string, object | undefined>>);
    this.answers = Object.fromEntries(
      given.filter(([name]) => this.isStep(name)).map(([name, data = {}]) => [name, planted(this.typeOf(name), data)]),
    );
    this.reached = 1;
    this.tried = [];
    this.step = this.names[0] ?? REVIEW;
    this.data = this.answers[this.step] ?? {};
  }

  private async walk({ payload, way, to }: Walk, ctx: LiveContext): Promise<void> {
    const { command, from, fields } = told(this.dto, payload);
    // A second click on “next” arrives when the next step is shown already: it was not meant for that one.
    if (from !== undefined && from !== this.step) {
      return;
    }
    this.keep(fields, way);
    // Only where the decorators of a submit stand may a button ask for one.
    const asked = way === 'next' || way === 'submit' ? command : undefined;
    const goal = asked ?? (way === 'step' ? to : way);
    switch (goal) {
      case 'next':
        return this.goOn(ctx);
      case 'submit':
        return this.finish(ctx);
      case 'back':
        return this.show(this.order[Math.max(this.order.indexOf(this.step) - 1, 0)] ?? this.step);
      default:
        return this.show(this.reachedStep(goal));
    }
  }

  private async goOn(ctx: LiveContext): Promise<void> {
    this.try(this.step);
    this.submitted = true;
    // What was wrong with the whole is looked at again when all of it is submitted: it must not hold up a step.
    const { '': _whole, ...objections } = this.objections;
    this.objections = objections;
    await this.check();
    ctx.valid = this.valid;
    if (!this.valid || this.isReview) {
      return;
    }
    const next = this.order[this.order.indexOf(this.step) + 1];
    return next === undefined ? this.finish(ctx) : this.show(next);
  }

  private async finish(ctx: LiveContext): Promise<void> {
    this.objections = {};
    const values: Record<string, object> = {};
    for (const name of this.names) {
      const { value, errors } = await readForm(this.typeOf(name), this.answers[name] ?? {}, {
        groups: this.groups,
        zones: this[TAKES_ZONES],
      });
      values[name] = value;
      if (Object.keys(errors).length > 0) {
        ctx.valid = false;
        return this.showWrong(name, errors);
      }
    }
    this.valid = true;
    await this.take(values as Steps, ctx);
    const objected = Object.keys(this.objections).map((name) => name.split('.')[0] ?? '');
    ctx.valid = objected.length === 0;
    const step = objected.find((name) => this.isStep(name));
    if (step !== undefined) {
      this.try(step);
      await this.show(step);
    }
  }

  private async showWrong(name: string, errors: FieldErrors): Promise<void> {
    this.try(name);
    await this.show(name);
    this.judge(errors);
  }

  private async show(step: string): Promise<void> {
    this.step = step;
    this.reached = Math.max(this.reached, this.order.indexOf(step) + 1);
    this.data = this.answers[step] ?? {};
    this.submitted = this.tried.includes(step);
    this.touched = [];
    await this.check();
  }

  private try(step: string): void {
    this.tried = [...new Set([...this.tried, step])];
  }

  /** What the step that is being left holds. */
  private keep(fields: FormData | undefined, way: Walk['way']): void {
    if (this.isReview) {
      return;
    }
    // A button of its own sends no fields, which is not the same as a form with nothing in it.
    const isSent = fields !== undefined && (way === 'next' || way === 'submit' || Object.keys(fields).length > 0);
    if (isSent) {
      this.data = this.entered(fields);
      this.objections = Object.fromEntries(
        Object.entries(this.objections).filter(([name]) => !name.startsWith(this.place)),
      );
    }
    this.answers = { ...this.answers, [this.step]: this.data };
  }

  private reachedStep(name: string | undefined): string {
    if (name !== undefined && this.order.slice(0, this.reached).includes(name)) {
      return name;
    }
    throw refuseFields({ step: ['was not reached yet'] }, 'a wizard was asked for a step that was not reached');
  }

  private get names(): readonly string[] {
    return Object.keys(this.steps);
  }

  private get order(): readonly string[] {
    return this.hasReview ? [...this.names, REVIEW] : this.names;
  }

  private isStep(name: string): boolean {
    return Object.hasOwn(this.steps, name);
  }

  private typeOf(name: string): Type<object> {
    return (this.steps as Readonly<Record<string, Type<object>>>)[name] ?? Nothing;
  }
}

interface Walk {
  readonly payload: unknown;
  readonly way: 'next' | 'back' | 'submit' | 'step';
  readonly to?: string;
}

/** The review has no fields. */
class Nothing {}
