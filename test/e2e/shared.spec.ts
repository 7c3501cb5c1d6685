import { describeSharedInstances } from './shared.contract.js';
import { memoryCluster } from './two-nodes.js';

describeSharedInstances('one memory', memoryCluster);
