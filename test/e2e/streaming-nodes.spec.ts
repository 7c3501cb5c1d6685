import { describeStreamingNodes } from './streaming-nodes.contract.js';
import { memoryCluster } from './two-nodes.js';

describeStreamingNodes('one memory', memoryCluster);
