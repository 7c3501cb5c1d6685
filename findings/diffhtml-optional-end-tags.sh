#!/usr/bin/env bash
# diffhtml 0.9.2 in Chromium (@sparticuz/chromium 153.0.0, playwright-core 1.65.1), nothing set.
#
# diffhtml reads HTML with a parser of its own, which does not know that end tags may be left out. `<option>` closes an open
# `<option>`, `<li>` an open `<li>`, by the HTML Standard; diffhtml puts the second into the first. A select that is to be patched from
# `<option>Paris<option>Lyon` to `<option>Berlin<option>Munich` ends with one option named "BerlinMunich".
# With end tags written it has two. The same markup by `innerHTML` has two in either spelling.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init --yes > npm.log 2>&1
npm pkg set type=module > npm.log 2>&1
npm install --no-audit --no-fund diffhtml@0.9.2 esbuild@0.28.2 @sparticuz/chromium@153.0.0 playwright-core@1.65.1 > npm.log 2>&1

echo "import { innerHTML } from 'diffhtml'; globalThis.patch = innerHTML;" > entry.js
npx esbuild entry.js --bundle --format=iife --outfile=bundle.js > npm.log 2>&1
cat > select.js <<'JS'
import { readFileSync } from 'node:fs';

import chromium from '@sparticuz/chromium';
import { chromium as driver } from 'playwright-core';

const args = chromium.args.filter((arg) => !['--single-process', '--no-zygote'].includes(arg));
const browser = await driver.launch({ executablePath: await chromium.executablePath(), args });
const page = await browser.newPage();
for (const [before, after] of [
  ['<option>Paris<option>Lyon', '<option>Berlin<option>Munich'],
  ['<option>Paris</option><option>Lyon</option>', '<option>Berlin</option><option>Munich</option>'],
]) {
  await page.setContent(`<div><select>${before}</select></div>`);
  await page.addScriptTag({ content: readFileSync('bundle.js', 'utf8') });
  const options = await page.evaluate((html) => {
    patch(document.querySelector('div'), html);
    return [...document.querySelector('select').options].map(({ text }) => text);
  }, `<select>${after}</select>`);
  console.log(JSON.stringify(options));
}
await browser.close();
JS

seen=$(node select.js)
echo "$seen"
[ "$seen" = $'["BerlinMunich"]\n["Berlin","Munich"]' ] || { echo 'it has changed'; exit 1; }
