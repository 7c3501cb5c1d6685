import { CacheRender, InvalidatesCache, LiveComponent, OnEvent, State, type OnMount } from 'nest-live';

import { HarbourOffice, type Tide } from './harbour.office.js';

/** Slow to load, and the same for everybody. */
@CacheRender({ ttl: 30, public: true })
@LiveComponent('tide-table')
export class TideTable implements OnMount {
  @State() askedAt = '';
  @State() tides: Tide[] = [];

  constructor(private readonly office: HarbourOffice) {}

  async onMount(): Promise<void> {
    Object.assign(this, await this.office.tides());
  }

  /** Throws the kept render away, on all nodes. */
  @OnEvent()
  @InvalidatesCache(TideTable)
  async ask(): Promise<void> {
    Object.assign(this, await this.office.tides());
  }
}
