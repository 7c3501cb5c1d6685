import { describeSessions } from './sessions.contract.js';
import { sharedMemory } from './shared-backend.js';

describeSessions('memory', sharedMemory);
