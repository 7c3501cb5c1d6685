#!/usr/bin/env bash
# Handlebars 4.7.10, Node 20, nothing set.
#
# Handlebars reads whatever is iterable since 4.6, but only in `each`. Its other blocks know emptiness of arrays alone, so that blocks
# that look alike disagree about one value:
# - an empty Set is something to `if`, `with`, `unless` and `{{#set}}`, and nothing to `each`;
# - `{{#set}}` shows its block once for the Set itself; for an array it shows it for each member;
# - of a Map `each` gives pairs: `this` is "key,value", and `@key` and the second block parameter are the pair's number, not its key.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund handlebars@4.7.10 > npm.log 2>&1

cat > sets.js <<'JS'
import Handlebars from 'handlebars';

const show = (template, context) => Handlebars.compile(template)(context);
const BLOCKS =
  'if:{{#if it}}something{{else}}nothing{{/if}} unless:{{#unless it}}nothing{{else}}something{{/unless}} ' +
  'with:{{#with it}}something{{else}}nothing{{/with}} section:{{#it}}something{{else}}nothing{{/it}} each:{{#each it}}something{{else}}nothing{{/each}}';
console.log('empty array ', show(BLOCKS, { it: [] }));
console.log('empty Set   ', show(BLOCKS, { it: new Set() }));
console.log('sections    ', show('{{#it}}[{{this}}]{{/it}}', { it: ['a', 'b'] }), show('{{#it}}[{{this}}]{{/it}}', { it: new Set(['a', 'b']) }));
console.log('Map         ', show('{{#each it as |value key|}}[{{key}}: {{value}}]{{/each}}', { it: new Map([['x', 'one'], ['y', 'two']]) }));
JS

seen=$(node sets.js 2> /dev/null)
echo "$seen"
expected='empty array  if:nothing unless:nothing with:nothing section:nothing each:nothing
empty Set    if:something unless:something with:something section:something each:nothing
sections     [a][b] [[object Set]]
Map          [0: x,one][1: y,two]'
[ "$seen" = "$expected" ] || { echo 'it has changed'; exit 1; }
