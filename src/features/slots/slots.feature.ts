import type { ComponentDefinition } from '../../component/definition.js';
import type { AuthorHooks } from '../../component/hooks.js';
import { validateProps } from '../../component/props.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import { Feature, type LiveFeature, type Next } from '../../lifecycle/context/live-feature.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { packGiven, unpackGiven, type Given, type Placed } from '../../lifecycle/context/placed.js';
import type { Notes } from '../../lifecycle/context/reply-memory.js';
import { Seal } from '../../lifecycle/instance/seal.js';
import { StateHolders } from '../../lifecycle/instance/state-holders.js';
import { after, type Soon } from '../../protocol/soon.js';
import type { Marks } from '../../rendering/marks.js';
import { Rendered } from '../../rendering/rendered.js';
import { ChildRunner } from './child.runner.js';
import { familyOf, rememberFamily, type Family } from './family.js';
import { Families } from './families.js';
import { Nursery } from './nursery.js';
import { listenersOf, saidBy } from './output.js';
import { OutputDelivery } from './output.delivery.js';
import { SlotMarks } from './slot-marks.js';

/** Components in the templates and slots of components: mounted for their owner, kept apart from it, heard by it. */
@Feature()
export class SlotsFeature implements LiveFeature {
  readonly leavesFields = true;
  private readonly listening = new Set<ComponentDefinition>();

  constructor(
    private readonly holders: StateHolders,
    private readonly seal: Seal,
    private readonly families: Families,
    private readonly nursery: Nursery,
    private readonly children: ChildRunner,
    private readonly slotMarks: SlotMarks,
    private readonly outputs: OutputDelivery,
  ) {}

  onDefine(definition: ComponentDefinition): void {
    const { name, type } = definition;
    const [listener] = listenersOf(type.prototype as object).values();
    if (listener === undefined) {
      return;
    }
    if (!this.holders.of(definition).isJoinable) {
      throw new LiveSetupError(
        'HANDLER_UNSUPPORTED',
        `${type.name}.${listener} listens to an output, but its page holds the state: what its children say could not reach it. Write @LiveComponent('${name}', { state: 'server' }).`,
      );
    }
    this.listening.add(definition);
  }

  onHydrate(ctx: LiveContext): void | Promise<void> {
    const { placed } = ctx;
    const family = familyOf(ctx);
    if (ctx.entry === 'mount') {
      this.born(ctx, family);
    } else if (placed && isNew(placed, family) && this.isOther(ctx, family)) {
      return this.giveAnew(ctx, family, placed);
    } else if (family.given) {
      ctx.given = unpackGiven(family.given);
    }
  }

  onView(ctx: LiveContext, add: (name: string, value: unknown) => void): void {
    if (ctx.given.places.length > 0) {
      add('slots', this.slotMarks.print(ctx));
    }
  }

  aroundRender(ctx: LiveContext, next: Next<Rendered>): Soon<Rendered> {
    return after(next(), this.rendered, ctx);
  }

  private readonly rendered = (rendered: Rendered, ctx: LiveContext): Soon<Rendered> =>
    rendered === Rendered.empty ? rendered : after(this.nursery.raise(ctx, rendered), this.raised, ctx);

  private readonly raised = (raised: Rendered, ctx: LiveContext): Soon<Rendered> => {
    const marks = this.slotMarks.of(ctx);
    return marks === undefined ? raised : this.stand(ctx, raised, marks);
  };

  private async stand(ctx: LiveContext, raised: Rendered, marks: Marks<number>): Promise<Rendered> {
    this.families.open(ctx);
    const found = raised.pieces().flatMap((piece) => (typeof piece === 'string' ? marks.split(piece).found : []));
    const standing = await Promise.all(found.map((index) => this.nursery.standing(ctx, index)));
    let shown = 0;
    return raised.replace((text) =>
      marks.split(text).texts.flatMap((part, i) => (i === 0 ? [part] : [standing[shown++], part])),
    );
  }

  onSaved(ctx: LiveContext): Soon<void> {
    return after(this.families.settle(ctx), this.settled, ctx);
  }

  private readonly settled = (_: unknown, ctx: LiveContext): Soon<void> => this.deliver(ctx, ctx.notes);

  onRepeated(ctx: LiveContext, notes: Notes): Soon<void> {
    return this.deliver(ctx, notes);
  }

  onEnd(ctx: LiveContext): Promise<void> {
    return this.children.endAll(ctx);
  }

  private deliver(ctx: LiveContext, notes: Notes): Soon<void> {
    const { owner } = ctx.given;
    const said = owner ? saidBy(notes) : [];
    if (owner && said.length > 0) {
      return this.outputs.deliver(ctx, owner, said);
    }
  }

  /** Children will ask for a listener by its id, whenever its page comes back, and know nothing of what it was given. */
  private born(ctx: LiveContext, family: Family): void {
    const isListening = this.listening.has(ctx.definition);
    const isShared = ctx.transport === 'server' || this.families.isShared(ctx);
    // One that took another's place is remembered from now on, so that what stands in it can be, too.
    ctx.isReachable ||= isListening || ctx.given.lineage !== undefined;
    if (isListening || isShared || ctx.given.owner) {
      const shared = isShared || undefined;
      rememberFamily(ctx, { ...family, given: packGiven(ctx.given), shared });
    }
  }

  private isOther({ given }: LiveContext, family: Family): boolean {
    // What features have said of a mount is no gift of the owner's.
    const textOf = (all: Given): string => this.seal.encode({ ...all, memo: undefined });
    return family.given === undefined || textOf(given) !== textOf(unpackGiven(family.given));
  }

  private async giveAnew(ctx: LiveContext, family: Family, { by }: Placed): Promise<void> {
    const previous = family.given ? unpackGiven(family.given) : ctx.given;
    rememberFamily(ctx, { ...family, given: packGiven(ctx.given), by: by && [by.e, by.v] });
    this.families.giveAnew(ctx);
    const { onProps } = ctx.component as AuthorHooks;
    if (onProps && this.seal.encode({ props: previous.props }) !== this.seal.encode({ props: ctx.props })) {
      const props = await validateProps(ctx.definition, ctx.props);
      await onProps.call(ctx.component, props as Record<string, unknown>, previous.props);
    }
  }
}

/** An owner that was overtaken by itself, on another node, gives nothing any more. */
const isNew = ({ by }: Placed, { by: known }: Family): boolean =>
  by !== undefined && (known === undefined || known[0] !== by.e || known[1] <= by.v);
