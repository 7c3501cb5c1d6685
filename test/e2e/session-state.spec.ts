import { describeSessionState } from './session-state.contract.js';
import { sharedMemory } from './shared-backend.js';

describeSessionState('memory', sharedMemory);
