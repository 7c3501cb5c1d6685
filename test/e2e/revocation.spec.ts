import { describeRevocation } from './revocation.contract.js';
import { sharedMemory } from './shared-backend.js';

describeRevocation('one memory', sharedMemory);
