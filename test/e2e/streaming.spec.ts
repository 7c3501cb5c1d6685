import { sharedMemory } from './shared-backend.js';
import { describeStreaming } from './streaming.contract.js';

describeStreaming('one memory', sharedMemory);
