import { memoryCluster } from '../e2e/two-nodes.js';
import { describeNodesProperty } from './nodes.properties.js';

describeNodesProperty('one memory', async () => memoryCluster(), 1 / 2);
