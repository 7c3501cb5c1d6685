import { Inject, Injectable } from '@nestjs/common';

import type { ComponentDefinition, StateHolding } from '../../component/definition.js';
import { LiveSetupError } from '../../errors/setup-error.js';
import { LIMITS, type Limits } from '../../protocol/limits.js';
import { BudgetedStateStore } from '../../state/budgeted.state-store.js';
import { RegisterStateHolder } from './register.state-holder.js';
import { Seal } from './seal.js';
import { ServerStateHolder } from './server.state-holder.js';
import type { StateHolder } from './state-holder.js';
import { StatelessStateHolder } from './stateless.state-holder.js';

/** Injection token of who keeps the state of components that do not say it. */
export const STATE_HOLDING = Symbol('nest-live:state-holding');

type Policy = 'server' | 'once' | 'allow';

/** The holder of each component's state. */
@Injectable()
export class StateHolders {
  private readonly holders: Readonly<Record<Policy, StateHolder>>;
  private readonly byDefinition = new Map<ComponentDefinition, StateHolder>();

  constructor(
    store: BudgetedStateStore,
    seal: Seal,
    @Inject(LIMITS) limits: Limits,
    @Inject(STATE_HOLDING) private readonly holding: StateHolding,
  ) {
    this.holders = {
      server: new ServerStateHolder(store, seal, limits),
      once: new RegisterStateHolder(store, seal, limits),
      allow: new StatelessStateHolder(seal, limits),
    };
  }

  /** The holder of whatever connections, other viewers or the server itself can reach. */
  get server(): StateHolder {
    return this.holders.server;
  }

  /** @throws LiveSetupError `OPTION_INVALID` for a choice that is none, or that the component's effects forbid */
  of(definition: ComponentDefinition): StateHolder {
    const known = this.byDefinition.get(definition);
    if (known) {
      return known;
    }
    const holder = this.holders[this.policy(definition)];
    this.byDefinition.set(definition, holder);
    return holder;
  }

  private policy({ type, options: { state = this.holding, effects = false } }: ComponentDefinition): Policy {
    const policy = policyOf(state);
    if (policy === undefined) {
      throw new LiveSetupError(
        'OPTION_INVALID',
        `state of ${type.name} is ${JSON.stringify(state)}: write 'server', 'client' or { held: 'client', replay: 'allow' }.`,
      );
    }
    if (policy === 'allow' && effects) {
      throw new LiveSetupError(
        'OPTION_INVALID',
        `${type.name} has effects, and { replay: 'allow' } lets a page repeat its events at will. Write state: 'client', which applies each of them once.`,
      );
    }
    return policy;
  }
}

const policyOf = (state: StateHolding): Policy | undefined => {
  if (state === 'server') return 'server';
  if (state === 'client') return 'once';
  const { held, replay = 'once' } = Object(state) as { held?: unknown; replay?: Policy };
  return held === 'client' && (replay === 'once' || replay === 'allow') ? replay : undefined;
};
