import { live } from './live.js';
import { scriptPrefix } from './own-address.js';
import { publishClient } from './published-client.js';
import { invoke, property } from './unshadowed.js';

const prefix = scriptPrefix();
const client = publishClient(live);
const start = () => client.start({ prefix });

if (property(document, 'readyState') === 'loading') invoke(document, 'addEventListener', 'DOMContentLoaded', start);
else start();
