import { describeNodes } from './nodes.contract.js';
import { memoryCluster } from './two-nodes.js';

describeNodes('one memory', memoryCluster);
