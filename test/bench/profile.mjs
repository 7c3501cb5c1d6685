import { readFileSync } from 'node:fs';

const GROUPS = [
  ['nest-live', /\/dist\/(src|package)\//],
  ['servers', /\/dist\/test\//],
  ['handlebars', /\/handlebars\//],
  ['nest', /\/@nestjs\//],
  ['rxjs', /\/rxjs\//],
  ['socket.io', /\/(socket\.io[^/]*|engine\.io[^/]*)\//],
  ['ws', /\/ws\//],
  ['fastify', /\/(fastify|find-my-way|fast-[^/]+|avvio|secure-json-parse|light-my-request)\//],
  ['express', /\/(express|router|body-parser|raw-body|qs|send|finalhandler|on-finished|path-to-regexp)\//],
  ['other packages', /\/node_modules\//],
  ['node', /^node:/],
];

const groupOf = ({ url, functionName }) =>
  GROUPS.find(([, pattern]) => pattern.test(url))?.[0] ?? (url === '' ? functionName || 'native' : 'other');

const add = (map, key, amount) => map.set(key, (map.get(key) ?? 0) + amount);

const sorted = (map, most) => [...map].sort((a, b) => b[1] - a[1]).slice(0, most);

/** Self time by place, and for our files also the time of the natives and packages they call. */
const account = ({ nodes, samples, timeDeltas }) => {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node])));
  const ownerOf = (node) => {
    let at = node;
    while (at && groupOf(at.callFrame) !== 'nest-live') at = parents.get(at.id);
    return at;
  };
  const label = ({ callFrame: { functionName, url, lineNumber } }) =>
    `${url.replace(/^.*\/dist\/(src|package)\//, '')}:${lineNumber + 1} ${functionName || '(anonymous)'}`;
  const groups = new Map();
  const owned = new Map();
  const self = new Map();
  samples.forEach((id, i) => {
    const node = byId.get(id);
    const micros = timeDeltas[i];
    add(groups, groupOf(node.callFrame), micros);
    const owner = ownerOf(node);
    if (owner) add(owned, label(owner), micros);
    const { functionName, url } = node.callFrame;
    add(self, `${functionName || '(anonymous)'} ${url.split('/').slice(-2).join('/')}`, micros);
  });
  return { groups, owned, self };
};

/** Prints where the time of an operation goes. */
export const summarise = (name, path, operations) => {
  const { groups, owned, self } = account(JSON.parse(readFileSync(path, 'utf8')));
  groups.delete('(idle)');
  const list = (title, map, most) => {
    console.log(`\n${title}`);
    for (const [what, micros] of sorted(map, most))
      console.log(`  ${(micros / operations).toFixed(2).padStart(7)}  ${what}`);
  };
  console.log(`\n== ${name}: ${operations} operations, µs per operation, ${path}`);
  list('by package', groups, 20);
  list('in and below each function of ours', owned, 45);
  list('self', self, 25);
};
