import { createRequire } from 'node:module';

/** What the benchmark has installed for peers that the repository does not need: see `peers/peer-packages.mjs`. */
export const peerPackages = createRequire(process.env.PEER_PACKAGES ?? import.meta.url);
