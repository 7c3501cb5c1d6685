#!/usr/bin/env bash
# micromorph 0.4.5 and morphlex 1.4.0 in Chromium (@sparticuz/chromium 153.0.0, playwright-core 1.65.1), nothing set.
#
# In HTML, `xlink:href` on an element of SVG is an attribute of the XLink namespace (HTML Standard, "adjust foreign attributes").
# Both libraries copy attributes by `setAttribute`, which makes one without a namespace: a `<use>` that gains its `xlink:href` by a
# patch points nowhere, and its icon stays unseen, although the markup reads the same in the inspector. One that had the
# attribute before, and only changes it, is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund micromorph@0.4.5 morphlex@1.4.0 esbuild@0.28.2 @sparticuz/chromium@153.0.0 playwright-core@1.65.1 > npm.log 2>&1

cat > entry.js <<'JS'
import micromorph from 'micromorph';
import { morph as morphlex } from 'morphlex';

globalThis.peers = { micromorph, morphlex };
JS
npx esbuild entry.js --bundle --format=iife --outfile=bundle.js > npm.log 2>&1
cat > icons.js <<'JS'
import { readFileSync } from 'node:fs';

import chromium from '@sparticuz/chromium';
import { chromium as driver } from 'playwright-core';

const args = chromium.args.filter((arg) => !['--single-process', '--no-zygote'].includes(arg));
const browser = await driver.launch({ executablePath: await chromium.executablePath(), args });
const page = await browser.newPage();
await page.setContent('<svg><symbol id="dot"><rect width="9" height="9"/></symbol></svg>');
await page.addScriptTag({ content: readFileSync('bundle.js', 'utf8') });
const seen = await page.evaluate(async () => {
  const part = (html) => {
    const box = document.createElement('div');
    box.innerHTML = html;
    return document.body.appendChild(box);
  };
  const lines = [];
  for (const [name, morph] of Object.entries(peers)) {
    for (const before of ['<use/>', '<use xlink:href="#none"/>']) {
      const box = part(`<svg>${before}</svg>`);
      await morph(box, part('<svg><use xlink:href="#dot"/></svg>'));
      const use = box.querySelector('use');
      lines.push(`${name} ${before} ${use.attributes[0].namespaceURI} ${use.getBoundingClientRect().width}`);
    }
  }
  return lines.join('\n');
});
console.log(seen);
await browser.close();
JS

seen=$(node icons.js)
echo "$seen"
[ "$seen" = 'micromorph <use/> null 0
micromorph <use xlink:href="#none"/> http://www.w3.org/1999/xlink 9
morphlex <use/> null 0
morphlex <use xlink:href="#none"/> http://www.w3.org/1999/xlink 9' ] || { echo 'it has changed'; exit 1; }
