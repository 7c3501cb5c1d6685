import { describeRenderCaching } from './cache.contract.js';
import { memoryCluster } from './two-nodes.js';

describeRenderCaching('one memory', memoryCluster);
