#!/usr/bin/env bash
# @minify-html/node 0.18.1, nothing set; its output read by parse5 8.0.1.
#
# It leaves out the end tag of a last `<p>` wherever its parent ends. Inside a custom element that is not allowed (HTML Standard, 13.1.2.4,
# optional tags: not where the parent is an autonomous custom element): the parent's end tag does not close the paragraph there, so what
# follows the element goes into the paragraph. Inside a `<div>` the same omission is harmless, and inside `<a>` the tag is kept.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund @minify-html/node@0.18.1 parse5@8.0.1 > npm.log 2>&1

cat > cards.js <<'JS'
import minifier from '@minify-html/node';
import { parseFragment, serialize } from 'parse5';

for (const name of ['x-card', 'div', 'a']) {
  const html = `<${name}><p>offer</p></${name}><b>price</b>`;
  const small = minifier.minify(Buffer.from(html), {}).toString();
  console.log(`${small} is read as ${serialize(parseFragment(small))}`);
}
JS

seen=$(node cards.js)
echo "$seen"
[ "$seen" = '<x-card><p>offer</x-card><b>price</b> is read as <x-card><p>offer<b>price</b></p></x-card>
<div><p>offer</div><b>price</b> is read as <div><p>offer</p></div><b>price</b>
<a><p>offer</p></a><b>price</b> is read as <a><p>offer</p></a><b>price</b>' ] || { echo 'it has changed'; exit 1; }
