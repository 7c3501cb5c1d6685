import { Injectable } from '@nestjs/common';

import { ComponentRegistry } from '../../component/component.registry.js';
import type { ComponentDefinition } from '../../component/definition.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import { FeatureHost } from '../../lifecycle/plan/feature-host.js';
import type { LiveContext } from '../../lifecycle/context/live.context.js';
import { holdsSecrets } from '../../lifecycle/context/placed.js';
import { Seal } from '../../lifecycle/instance/seal.js';
import { askStore } from '../../lifecycle/instance/store-call.js';
import { readPageAddress } from '../../protocol/page-address.js';
import { refuseUnknownSlots } from '../../rendering/declared-slots.js';
import type { Placement } from '../../rendering/placement.js';
import type { Soon } from '../../protocol/soon.js';
import type { Rendered } from '../../rendering/rendered.js';
import { fillPlacements, type PlacedHtml, type SlotContents } from '../../rendering/slot-contents.js';
import { StateStore } from '../../state/state-store.js';
import { ChildRunner, ownerOf, type Child } from './child.runner.js';
import { Families } from './families.js';
import {
  descentOf,
  digestOf,
  familyOf,
  placementsOf,
  refuseDuplicates,
  rememberFamily,
  type Descent,
  type Family,
  type KnownChild,
} from './family.js';
import { SlotMarks } from './slot-marks.js';

/** A component that contains itself has to end somewhere. */
const MAX_DEPTH = 16;

/** One render of an owner: which children it asks for, and which of them are there. */
interface Raising {
  readonly ctx: LiveContext;
  readonly family: Family;
  /** Names whose instance is in the store, and which that is. */
  readonly alive: ReadonlyMap<string, Descent>;
  /** What will be remembered if this render is that of a change. */
  readonly children: Record<string, KnownChild>;
  /** Of a child that is not remembered. */
  readonly first: number;
  /** Of one that is new from now on. */
  readonly generation: number;
  /** The change it belongs to will be saved. */
  readonly isSaved: boolean;
}

/** Mounts, shows and ends the children of an instance as its template asks for them. */
@Injectable()
export class Nursery {
  constructor(
    private readonly registry: ComponentRegistry,
    private readonly store: StateStore,
    private readonly seal: Seal,
    private readonly runner: ChildRunner,
    private readonly families: Families,
    private readonly features: FeatureHost,
    private readonly slotMarks: SlotMarks,
  ) {}

  /** The render with all children; undefined where there are none and were none. */
  raise(ctx: LiveContext, rendered: Rendered): Soon<Rendered> {
    const placements = placementsOf(rendered);
    const family = familyOf(ctx);
    const isChildless = placements.length === 0 && family.children === undefined && !isReplacement(ctx);
    return isChildless ? rendered : this.raiseAll(ctx, rendered, { family, placements });
  }

  private async raiseAll(
    ctx: LiveContext,
    rendered: Rendered,
    { family, placements }: { readonly family: Family; readonly placements: readonly Placement[] },
  ): Promise<Rendered> {
    this.families.open(ctx);
    refuseDuplicates(placements);
    const raising = await this.begin(ctx, family, placements);
    const filled = await fillPlacements(
      rendered,
      (placement, contents) => this.place(raising, placement, contents),
      (text) => this.handOn(ctx, text),
    );
    if (raising.isSaved) {
      await this.remember(raising);
    }
    return filled;
  }

  /** What stands in the instance's slot: somebody else's child, shown with it. */
  async standing(ctx: LiveContext, index: number): Promise<string> {
    const made = ctx.slotted?.[index];
    if (made) {
      return made.html;
    }
    const { component, id, sealed } = ctx.given.places[index];
    const definition = this.registry.get(component);
    const { owner } = this.seal.decode(sealed);
    if (!definition || !owner) {
      return '';
    }
    // No position: what the owner may have given it since is newer than this.
    const child = { definition, id, sealed, placed: { id, owner }, since: ctx.since };
    return (await this.runner.show(ctx, child)) ?? this.runner.mount(ctx, child);
  }

  /** A slot printed into another one's: what stands in it is remembered there, too. */
  private async handOn(ctx: LiveContext, text: string): Promise<readonly (string | PlacedHtml)[]> {
    const { texts, found } = this.slotMarks.of(ctx)?.split(text) ?? { texts: [text], found: [] };
    const placed = await Promise.all(
      found.map(async (index) => ({ html: await this.standing(ctx, index), place: ctx.given.places[index] })),
    );
    return texts.flatMap((part, i) => (i === 0 ? [part] : [placed[i - 1], part]));
  }

  private async begin(ctx: LiveContext, family: Family, placements: readonly Placement[]): Promise<Raising> {
    const isChange = this.isChange(ctx);
    const isSaved = ctx.entry === 'mount' || (isChange && !this.families.isPreview(ctx));
    const first = family.generation ?? 0;
    // It took the place of one whose children nobody remembers: those it shows go on, any other is new.
    const generation = isReplacement(ctx) ? first + 1 : first;
    const alive = new Map<string, Descent>();
    // A new instance that stands in a page has no children yet; one in a template may have: it is mounted until it is used.
    if ((ctx.entry !== 'mount' || ctx.placed) && placements.length > 0) {
      const descents = placements.map(({ name }) => descentOf(ctx, name, family.children?.[name] ?? [first, '']));
      const positions = await askStore(() => this.store.positions(descents.map(({ id }) => id)));
      placements.forEach(({ name }, i) => positions[i] && alive.set(name, descents[i]));
    }
    return { ctx, family, alive, first, generation, isSaved, children: {} };
  }

  private async place(raising: Raising, placement: Placement, contents: SlotContents): Promise<PlacedHtml> {
    const { ctx, alive } = raising;
    const { component, name, key, props, place = 'a template' } = placement;
    const definition = this.registry.get(component);
    if (!definition) {
      throw new LiveSetupError(
        'TEMPLATE_INVALID',
        `${place} names the component "${component}", which does not exist.`,
      );
    }
    refuseUnknownSlots(definition, contents.slots, place);
    const owner = ownerOf(ctx);
    // It stays the page it was, wherever its address is led to: what is kept for that page is found again.
    const { page = ctx.url } = raising.family;
    if (owner.depth > MAX_DEPTH) {
      throw new LiveSetupError(
        'TEMPLATE_INVALID',
        `${place} stands in ${MAX_DEPTH} components: does one contain itself?`,
      );
    }
    const given = { props, ...contents, owner, key: keyWithin(ctx, key) };
    const text = this.seal.encode(given);
    // A digest of a secret is nearly the secret where there are few of them.
    const known = this.know(raising, name, isSecret(definition, text) ? '' : digestOf(text));
    // Whoever is there is not replaced by another one.
    const { id, lineage } = alive.get(name) ?? descentOf(ctx, name, known);
    const memo = this.features.memo(definition, () => readPageAddress(page));
    // Of what stood in a child that was replaced nobody knows anything either, all the way down.
    const isNew = id !== lineage || (isReplacement(ctx) && !alive.has(name));
    const isAll = memo === undefined && !isNew;
    const sealed = isAll ? text : this.seal.encode({ ...given, memo, lineage: isNew ? lineage : undefined });
    const by = this.positionOf(ctx);
    const child: Child = {
      definition,
      id,
      sealed,
      placed: { id, owner, by },
      since: ctx.since,
      slotted: contents.places,
      url: ctx.url ?? page,
    };
    const shown = alive.has(name) ? await this.runner.show(ctx, child) : undefined;
    const html = shown ?? (await this.runner.mount(ctx, child));
    return { html, place: { component, id, sealed, secret: isSecret(definition, sealed) } };
  }

  private know({ ctx, family, alive, children, first }: Raising, name: string, given: string): KnownChild {
    const [own, before, replaced] = family.children?.[name] ?? [first, given];
    // Nobody has used it yet, so nothing is lost; but its page may hold a token with what it was given before.
    const isReplaced = !alive.has(name) && this.isChange(ctx) && (given === '' || before !== given);
    const times = isReplaced ? (replaced ?? 0) + 1 : replaced;
    return (children[name] = times === undefined ? [own, given] : [own, given, times]);
  }

  private isChange(ctx: LiveContext): boolean {
    return ctx.entry === 'event' || this.families.isGivenAnew(ctx);
  }

  /** A child that was given something else is saved with it, one version later. */
  private positionOf(ctx: LiveContext): LiveContext['position'] {
    const { position, placed } = ctx;
    if (!position) {
      return placed?.by;
    }
    return this.families.isGivenAnew(ctx) ? { e: position.e, v: position.v + 1 } : position;
  }

  private async remember({ ctx, children, generation }: Raising): Promise<void> {
    // Read again: what was given meanwhile is remembered there, too.
    const family = familyOf(ctx);
    const gone = Object.entries(family.children ?? {}).filter(([name, [own]]) => children[name]?.[0] !== own);
    const hasChildren = Object.keys(children).length > 0;
    rememberFamily(ctx, {
      ...family,
      children: hasChildren ? children : undefined,
      generation: gone.length > 0 ? generation + 1 : generation || undefined,
      page: family.page ?? ctx.url,
    });
    for (const [name, known] of gone) {
      const child = { id: descentOf(ctx, name, known).id, name };
      const end = (): Promise<void> => this.runner.end(ctx, child);
      if (!this.families.later(ctx, end)) {
        await end();
      }
    }
  }
}

/** It takes the place of a child that nobody had used. */
const isReplacement = ({ entry, given }: LiveContext): boolean => entry === 'mount' && given.lineage !== undefined;

/** The keys of its owners and its own, each readable apart. */
const keyWithin = (owner: LiveContext, key = ''): string =>
  `${owner.given.key ?? encodeURIComponent(owner.key ?? '')}/${encodeURIComponent(key)}`;

const isSecret = ({ encrypted }: ComponentDefinition, sealed: string): boolean => encrypted || holdsSecrets(sealed);
