import { reconnectChurn } from './churn.case.js';
import { cpuHog, handlerFails, lateHandler, oversizedState, renderThrows, saveFails } from './author.cases.js';
import { crashPoint } from './crash-point.case.js';
import { deployNewShape } from './deploy.case.js';
import { gracefulDrain } from './drain.case.js';
import type { FaultCase } from './fault.case.js';
import { keyRotation } from './keys.case.js';
import { lateWriter } from './late-writer.case.js';
import { clockJump } from './clock.case.js';
import { partitionOneNode, redisFull } from './partition.cases.js';
import { connectStorm, eventFlood, halfOpen, slowReader, subscriptionFlood } from './greedy.cases.js';
import { malformedFrames, protoPayloads } from './hostile.cases.js';
import { killNode } from './kill-node.case.js';
import { cutBeforeAck, duplicateFrames, oneComponent, reorderedFrames } from './network.cases.js';
import { keyDeleted, pubsubLoss, redisDataLoss, redisPause, redisRestart } from './redis.cases.js';
import { poisonPubsub } from './poison.case.js';
import { replayedState } from './replay.case.js';
import { logoutWhileConnected, roleRemoved } from './session.cases.js';
import { storm } from './storm.case.js';
import { streamFaults } from './stream.case.js';
import { offlineQueue, tabKill } from './tab.cases.js';
import { uploadFaults } from './upload.case.js';

/** In the order in which they run. */
export const CASES: readonly FaultCase[] = [
  killNode,
  crashPoint,
  cutBeforeAck,
  duplicateFrames,
  reorderedFrames,
  oneComponent,
  redisRestart,
  redisPause,
  redisDataLoss,
  redisFull,
  keyDeleted,
  pubsubLoss,
  partitionOneNode,
  saveFails,
  handlerFails,
  renderThrows,
  slowReader,
  malformedFrames,
  protoPayloads,
  replayedState,
  clockJump,
  logoutWhileConnected,
  roleRemoved,
  deployNewShape,
  gracefulDrain,
  eventFlood,
  subscriptionFlood,
  connectStorm,
  reconnectChurn,
  oversizedState,
  halfOpen,
  cpuHog,
  lateHandler,
  offlineQueue,
  tabKill,
  uploadFaults,
  streamFaults,
  poisonPubsub,
  keyRotation,
  lateWriter,
  storm,
];
