import { MemoryStateStore } from 'nest-live/extend';
import { FaultyStateStore } from 'nest-live/testing';

import { describeStateStore } from '../../src/state/state-store.contract.js';

// While nothing is told to go wrong, it keeps every promise of the store inside.
describeStateStore('memory with fault switches', (options) => new FaultyStateStore(new MemoryStateStore(options)));
