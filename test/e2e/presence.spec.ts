import { describePresence } from './presence.contract.js';
import { memoryCluster } from './two-nodes.js';

describePresence('one memory', memoryCluster);
