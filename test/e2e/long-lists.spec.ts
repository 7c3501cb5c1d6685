import { describeLongLists } from './long-lists.contract.js';
import { memoryCluster } from './two-nodes.js';

describeLongLists('one memory', memoryCluster);
