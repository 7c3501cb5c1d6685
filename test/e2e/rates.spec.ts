import { describeRates } from './rates.contract.js';
import { memoryCluster } from './two-nodes.js';

describeRates('one memory', memoryCluster);
