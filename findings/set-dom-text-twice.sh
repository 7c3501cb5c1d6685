#!/usr/bin/env bash
# set-dom 7.5.2 in Chromium (@sparticuz/chromium 153.0.0, playwright-core 1.65.1), nothing set.
#
# set-dom keeps elements by their id. Where one with an id goes past a text that has none, the text is left where it was and made once more:
# `<p id="a"></p>and<p id="b"></p>` to `and<p id="b"></p><p id="a"></p>` shows "and" twice. Without ids it is right.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund set-dom@7.5.2 esbuild@0.28.2 @sparticuz/chromium@153.0.0 playwright-core@1.65.1 > npm.log 2>&1

echo "import setDOM from 'set-dom'; globalThis.setDOM = setDOM.default ?? setDOM;" > entry.js
npx esbuild entry.js --bundle --format=iife --outfile=bundle.js > npm.log 2>&1
cat > order.js <<'JS'
import { readFileSync } from 'node:fs';

import chromium from '@sparticuz/chromium';
import { chromium as driver } from 'playwright-core';

const args = chromium.args.filter((arg) => !['--single-process', '--no-zygote'].includes(arg));
const browser = await driver.launch({ executablePath: await chromium.executablePath(), args });
const page = await browser.newPage();
await page.addScriptTag({ content: readFileSync('bundle.js', 'utf8') });
for (const [before, after] of [
  ['<p id="a">x</p>and<p id="b">y</p>', 'and<p id="b">y</p><p id="a">x</p>'],
  ['<p>x</p>and<p>y</p>', 'and<p>y</p><p>x</p>'],
]) {
  const shown = await page.evaluate(
    ([from, to]) => {
      document.body.innerHTML = `<main>${from}</main>`;
      setDOM(document.querySelector('main'), `<main>${to}</main>`);
      return document.querySelector('main').innerHTML;
    },
    [before, after],
  );
  console.log(shown);
}
await browser.close();
JS

seen=$(node order.js)
echo "$seen"
[ "$seen" = 'and<p id="b">y</p><p id="a">x</p>and
and<p>y</p><p>x</p>' ] || { echo 'it has changed'; exit 1; }
