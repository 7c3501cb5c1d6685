import { memoryCluster } from '../e2e/two-nodes.js';
import { describeRendersProperty } from './renders.properties.js';

describeRendersProperty('one memory', memoryCluster, 1 / 4);
